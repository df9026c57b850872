#define _GNU_SOURCE
#include "CPawl.h"

#include <sys/reboot.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/fs.h>
#include <linux/watchdog.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000U
#endif
#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x2000
#endif

static int answer(long result) { return result < 0 ? -errno : (int)result; }

// MARK: Opening

int pawl_open_folder(int folder, const char *name) {
  return answer(openat(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

int pawl_open_handle(int folder, const char *name) {
  return answer(openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

int pawl_open_reading(int folder, const char *name) {
  return answer(
    openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

int pawl_create_new(int folder, const char *name) {
  return answer(
    openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
}

int pawl_reserve(int file, int64_t size) {
  return answer(fallocate(file, FALLOC_FL_KEEP_SIZE, 0, (off_t)size));
}

int pawl_open_for_sync(int folder) {
  return answer(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

int pawl_open_appending(const char *path) {
  int flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  return answer(open(path, flags, 0600));
}

// MARK: What stands there

static int64_t nanos(int64_t seconds, int64_t rest) { return seconds * 1000000000 + rest; }

static void fill_from_statx(const struct statx *from, struct pawl_standing *to) {
  to->mode = from->stx_mode;
  to->uid = from->stx_uid;
  to->gid = from->stx_gid;
  to->link_count = from->stx_nlink;
  to->size = (int64_t)from->stx_size;
  to->inode = from->stx_ino;
  to->device = makedev(from->stx_dev_major, from->stx_dev_minor);
  to->special_device = makedev(from->stx_rdev_major, from->stx_rdev_minor);
  to->modified_nanos = nanos(from->stx_mtime.tv_sec, from->stx_mtime.tv_nsec);
  to->changed_nanos = nanos(from->stx_ctime.tv_sec, from->stx_ctime.tv_nsec);
#if __GLIBC_PREREQ(2, 33)
  if (from->stx_mask & STATX_MNT_ID) to->mount = from->stx_mnt_id;
#endif
  to->is_immutable = (from->stx_attributes & STATX_ATTR_IMMUTABLE) != 0;
  to->is_append_only = (from->stx_attributes & STATX_ATTR_APPEND) != 0;
  to->is_mount_root = (from->stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

static void fill_from_stat(const struct stat *from, struct pawl_standing *to) {
  to->mode = from->st_mode;
  to->uid = from->st_uid;
  to->gid = from->st_gid;
  to->link_count = (uint32_t)from->st_nlink;
  to->size = from->st_size;
  to->inode = from->st_ino;
  to->device = from->st_dev;
  to->special_device = from->st_rdev;
  to->modified_nanos = nanos(from->st_mtim.tv_sec, from->st_mtim.tv_nsec);
  to->changed_nanos = nanos(from->st_ctim.tv_sec, from->st_ctim.tv_nsec);
}

// Where statx is missing or filtered (EPERM from old container filters), the flags of the file
// stay unknown, and the kernel's own EPERM or EBUSY refuses the change.
static int stat_with(int folder, const char *name, int flags, struct pawl_standing *result) {
  struct statx found;
  memset(result, 0, sizeof *result);
  if (statx(folder, name, flags, STATX_BASIC_STATS | STATX_MNT_ID, &found) == 0) {
    fill_from_statx(&found, result);
    return 0;
  }
  if (errno != ENOSYS && errno != EPERM) return -errno;
  struct stat old;
  if (fstatat(folder, name, &old, flags) < 0) return -errno;
  fill_from_stat(&old, result);
  return 0;
}

int pawl_stat(int folder, const char *name, struct pawl_standing *result) {
  int flags = AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | AT_NO_AUTOMOUNT;
  return stat_with(folder, name, flags, result);
}

int pawl_stat_following(const char *path, struct pawl_standing *result) {
  return stat_with(AT_FDCWD, path, 0, result);
}

int pawl_file_system_magic(int descriptor, int64_t *magic) {
  struct statfs found;
  if (fstatfs(descriptor, &found) < 0) return -errno;
  *magic = (int64_t)(uint32_t)found.f_type;
  return 0;
}

// MARK: Extended attributes

int64_t pawl_list_attributes(int descriptor, char *names, size_t size) {
  ssize_t count = flistxattr(descriptor, names, size);
  return count < 0 ? -errno : count;
}

int64_t pawl_get_attribute(int descriptor, const char *name, void *value, size_t size) {
  ssize_t count = fgetxattr(descriptor, name, value, size);
  return count < 0 ? -errno : count;
}

int pawl_set_attribute(int descriptor, const char *name, const void *value, size_t size) {
  return answer(fsetxattr(descriptor, name, value, size, 0));
}

int pawl_remove_attribute(int descriptor, const char *name) {
  return answer(fremovexattr(descriptor, name));
}

// MARK: Changing

static int rename_with(int folder, const char *from, const char *to, unsigned int flags) {
  return answer(syscall(SYS_renameat2, folder, from, folder, to, flags));
}

int pawl_rename_exchange(int folder, const char *one, const char *other) {
  return rename_with(folder, one, other, RENAME_EXCHANGE);
}

int pawl_rename_new(int folder, const char *from, const char *to) {
  return rename_with(folder, from, to, RENAME_NOREPLACE);
}

int pawl_set_modified(int descriptor, int64_t seconds, int64_t nanos) {
  struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = seconds, .tv_nsec = nanos}};
  return answer(futimens(descriptor, times));
}

int pawl_syncfs(int descriptor) { return answer(syncfs(descriptor)); }

int pawl_freeze_and_thaw(int descriptor) {
  // A signal between the two would leave the file system frozen for as long as its handler runs.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  int result = answer(ioctl(descriptor, FIFREEZE, 0));
  if (result == 0) {
    for (int attempt = 0; attempt < 3; attempt++) {
      result = answer(ioctl(descriptor, FITHAW, 0));
      if (result == 0) break;
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return result;
}

// Not in the headers of every distribution: fs/ext4/ext4.h.
#define PAWL_EXT4_IOC_CHECKPOINT _IOW('f', 43, __u32)

int pawl_checkpoint_log(int descriptor) {
  __u32 flags = 0;
  return answer(ioctl(descriptor, PAWL_EXT4_IOC_CHECKPOINT, &flags));
}

int pawl_punch_hole(int descriptor, int64_t offset, int64_t length) {
  return answer(
    fallocate(descriptor, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length));
}

void pawl_forget_cached(int descriptor) {
  (void)posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
}

// MARK: Identity of the calling thread

#ifdef SYS_setgroups32
#define PAWL_SYS_setgroups SYS_setgroups32
#define PAWL_SYS_getgroups SYS_getgroups32
#define PAWL_SYS_setfsuid SYS_setfsuid32
#define PAWL_SYS_setfsgid SYS_setfsgid32
#else
#define PAWL_SYS_setgroups SYS_setgroups
#define PAWL_SYS_getgroups SYS_getgroups
#define PAWL_SYS_setfsuid SYS_setfsuid
#define PAWL_SYS_setfsgid SYS_setfsgid
#endif

int pawl_thread_setgroups(size_t count, const uint32_t *groups) {
  return answer(syscall(PAWL_SYS_setgroups, count, groups));
}

int pawl_thread_getgroups(size_t count, uint32_t *groups) {
  return answer(syscall(PAWL_SYS_getgroups, count, groups));
}

uint32_t pawl_thread_setfsuid(uint32_t uid) {
  return (uint32_t)syscall(PAWL_SYS_setfsuid, uid);
}

uint32_t pawl_thread_setfsgid(uint32_t gid) {
  return (uint32_t)syscall(PAWL_SYS_setfsgid, gid);
}

// MARK: Processes

int pawl_pidfd_open(int32_t pid) { return answer(syscall(SYS_pidfd_open, pid, 0)); }

int pawl_pidfd_signal(int pidfd, int signal) {
  return answer(syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0));
}

int pawl_has_ended(int32_t pid, int32_t *status) {
  siginfo_t found;
  memset(&found, 0, sizeof found);
  if (waitid(P_PID, (id_t)pid, &found, WEXITED | WNOHANG | WNOWAIT) < 0) return -errno;
  if (found.si_pid != pid) return 0;
  *status = found.si_code == CLD_EXITED ? found.si_status : -found.si_status;
  return 1;
}

int pawl_nice_group(int32_t group, int nice) {
  return answer(setpriority(PRIO_PGRP, (id_t)group, nice));
}

// Everything above standard error closes itself when the program begins. Before Linux 5.11 only
// what Pawl itself opened does, which is all of it.
static void close_at_exec(void) {
#ifdef SYS_close_range
  (void)syscall(SYS_close_range, 3u, ~0u, 1u << 2 /* CLOSE_RANGE_CLOEXEC */);
#endif
}

static void reset_signals(void) {
  struct sigaction standard;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; number++) (void)sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static int become(const struct pawl_child *child) {
  if (!child->changes_identity) return 0;
  if (setgroups(child->group_count, child->groups) < 0) return -1;
  if (setresgid(child->gid, child->gid, child->gid) < 0) return -1;
  return setresuid(child->uid, child->uid, child->uid);
}

static int set_streams(int output) {
  int empty = open("/dev/null", O_RDONLY);
  if (empty < 0) return -1;
  if (empty > 0 && (dup2(empty, 0) < 0 || close(empty) < 0)) return -1;
  return dup2(output, 1) < 0 || dup2(output, 2) < 0 ? -1 : 0;
}

static void run_child(const struct pawl_child *child, int report) {
  int code = 0;
  reset_signals();
  close_at_exec();
  if (setpgid(0, 0) == 0 && set_streams(child->output) == 0 && chdir(child->directory) == 0
      && become(child) == 0)
    execve(child->path, child->argv, child->environment);
  code = errno;
  (void)!write(report, &code, sizeof code);
  _exit(127);
}

// The end of the pipe that the child holds closes itself when the program begins.
static int read_report(int report) {
  int code = 0;
  ssize_t count;
  do count = read(report, &code, sizeof code);
  while (count < 0 && errno == EINTR);
  return count == (ssize_t)sizeof code ? code : 0;
}

// The library's fork, not a bare system call: it brings the library's own locks and its list of
// threads in order in the child, without which setgroups and setresuid wait there for ever for a
// thread that the parent was just making.
int pawl_spawn_child(const struct pawl_child *child) {
  int report[2];
  if (pipe2(report, O_CLOEXEC) < 0) return -errno;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  pid_t pid = fork();
  if (pid == 0) run_child(child, report[1]);
  int code = pid < 0 ? errno : 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  close(report[1]);
  if (code == 0 && (code = read_report(report[0])) != 0)
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
  close(report[0]);
  return code == 0 ? pid : -code;
}

static int add_streams(posix_spawn_file_actions_t *actions, int log) {
  int result = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
  if (result == 0) result = posix_spawn_file_actions_adddup2(actions, log, 1);
  if (result == 0) result = posix_spawn_file_actions_adddup2(actions, log, 2);
  if (result == 0) result = posix_spawn_file_actions_addclosefrom_np(actions, 3);
  return result;
}

static int set_session(posix_spawnattr_t *attributes) {
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  int result = posix_spawnattr_setsigdefault(attributes, &all);
  if (result == 0) result = posix_spawnattr_setsigmask(attributes, &none);
  short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  if (result == 0) result = posix_spawnattr_setflags(attributes, flags);
  return result;
}

int pawl_spawn_detached(
  const char *path, char *const *argv, char *const *environment, int log) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int result = posix_spawn_file_actions_init(&actions);
  if (result != 0) return -result;
  result = posix_spawnattr_init(&attributes);
  if (result != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return -result;
  }
  pid_t pid = 0;
  result = add_streams(&actions, log);
  if (result == 0) result = set_session(&attributes);
  if (result == 0) result = posix_spawn(&pid, path, &actions, &attributes, argv, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result == 0 ? pid : -result;
}

// MARK: Locks

int pawl_open_lock(const char *path, int create) {
  int flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  return answer(open(path, flags | (create ? O_RDWR | O_CREAT : O_RDONLY), 0600));
}

static struct flock whole_file(void) {
  struct flock range;
  memset(&range, 0, sizeof range);
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

int pawl_lock(int descriptor) {
  if (flock(descriptor, LOCK_EX | LOCK_NB) < 0) return -errno;
  struct flock range = whole_file();
  return answer(fcntl(descriptor, F_OFD_SETLK, &range));
}

void pawl_unlock(int descriptor) {
  struct flock range = whole_file();
  range.l_type = F_UNLCK;
  (void)fcntl(descriptor, F_OFD_SETLK, &range);
  (void)flock(descriptor, LOCK_UN);
}

int pawl_is_locked(int descriptor) {
  struct flock range = whole_file();
  if (fcntl(descriptor, F_OFD_GETLK, &range) < 0) return -errno;
  return range.l_type != F_UNLCK;
}

// MARK: Watchdogs

int pawl_watchdog_open(const char *path) {
  return answer(open(path, O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC));
}

int pawl_watchdog_support(int descriptor, uint32_t *options, char *identity) {
  struct watchdog_info info;
  memset(&info, 0, sizeof info);
  if (ioctl(descriptor, WDIOC_GETSUPPORT, &info) < 0) return -errno;
  *options = info.options;
  memcpy(identity, info.identity, sizeof info.identity);
  identity[sizeof info.identity] = 0;
  return 0;
}

int pawl_watchdog_set_timeout(int descriptor, int *seconds) {
  return answer(ioctl(descriptor, WDIOC_SETTIMEOUT, seconds));
}

int pawl_watchdog_get_timeout(int descriptor, int *seconds) {
  return answer(ioctl(descriptor, WDIOC_GETTIMEOUT, seconds));
}

int pawl_watchdog_keep_alive(int descriptor) {
  return answer(ioctl(descriptor, WDIOC_KEEPALIVE, 0));
}

int pawl_watchdog_allow_close(int descriptor) {
  return answer(write(descriptor, "V", 1));
}

// MARK: Memory

#ifndef MCL_ONFAULT
#define MCL_ONFAULT 4
#endif

int pawl_lock_memory(int whole) {
  if (mlockall(MCL_CURRENT | (whole ? 0 : MCL_ONFAULT)) < 0) return -errno;
  return answer(mlockall(MCL_FUTURE | MCL_ONFAULT));
}

int pawl_restart_at_once(void) {
  return reboot(RB_AUTOBOOT) == 0 ? 0 : -errno;
}
