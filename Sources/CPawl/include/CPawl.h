#ifndef PAWL_CPAWL_H
#define PAWL_CPAWL_H

// Only headers of the compiler: what Glibc declares has to stay in Swift's Glibc module.
#include <stddef.h>
#include <stdint.h>

// Linux calls that Swift's Glibc module does not carry. Unless said otherwise a function answers
// 0 (or a descriptor, or a count), or the negative of errno; none of them retries on EINTR.

// MARK: Opening. Nothing here follows a link in the last component; every descriptor is
// close-on-exec.

/// A handle on a folder that serves as a starting point only (O_PATH).
int pawl_open_folder(int folder, const char *name);
/// A handle on whatever stands there, a link included (O_PATH).
int pawl_open_handle(int folder, const char *name);
/// For reading; a pipe or a device does not block or become the terminal.
int pawl_open_reading(int folder, const char *name);
/// A new file, 0600, for reading and writing; fails where the name is taken.
int pawl_create_new(int folder, const char *name);
/// Blocks for the file up to a size, beyond its end, which stays: fallocate(2) with KEEP_SIZE.
int pawl_reserve(int file, int64_t size);
/// The folder itself, for fsync, syncfs and listing.
int pawl_open_for_sync(int folder);
/// A file of Pawl's own, made with 0600 where it is absent, for reading and appending.
int pawl_open_appending(const char *path);

// MARK: What stands there

struct pawl_standing {
  uint32_t mode;
  uint32_t uid;
  uint32_t gid;
  uint32_t link_count;
  int64_t size;
  uint64_t inode;
  uint64_t device;
  uint64_t special_device;
  int64_t modified_nanos;
  int64_t changed_nanos;
  /// 0 where the kernel cannot tell.
  uint64_t mount;
  int is_immutable;
  int is_append_only;
  int is_mount_root;
};

/// `name` may be empty: then the descriptor itself. No link is followed.
int pawl_stat(int folder, const char *name, struct pawl_standing *result);
/// The same, but follows links; `path` is absolute.
int pawl_stat_following(const char *path, struct pawl_standing *result);
/// `f_type` of the file system, as in <linux/magic.h>.
int pawl_file_system_magic(int descriptor, int64_t *magic);

// MARK: Extended attributes of an open file

int64_t pawl_list_attributes(int descriptor, char *names, size_t size);
int64_t pawl_get_attribute(int descriptor, const char *name, void *value, size_t size);
int pawl_set_attribute(int descriptor, const char *name, const void *value, size_t size);
int pawl_remove_attribute(int descriptor, const char *name);

// MARK: Changing

int pawl_rename_exchange(int folder, const char *one, const char *other);
int pawl_rename_new(int folder, const char *from, const char *to);
/// The time of the last access stays.
int pawl_set_modified(int descriptor, int64_t seconds, int64_t nanos);
int pawl_syncfs(int descriptor);
/// Freezes the file system and thaws it at once, so that its log is empty and a boot loader that
/// cannot replay a log reads what is meant. Answers the error of the thaw where both fail.
int pawl_freeze_and_thaw(int descriptor);
/// Writes what the log of an ext4 holds to where it belongs, with nothing frozen (Linux 5.15 and
/// newer): GRUB and extlinux read ext4 without replaying its log.
int pawl_checkpoint_log(int descriptor);
/// Gives the blocks back to the file system; the length stays.
int pawl_punch_hole(int descriptor, int64_t offset, int64_t length);
/// So that the next read comes from the device where the kernel can arrange it.
void pawl_forget_cached(int descriptor);

// MARK: Identity of the calling thread alone (the wrappers of glibc change all threads)

int pawl_thread_setgroups(size_t count, const uint32_t *groups);
int pawl_thread_getgroups(size_t count, uint32_t *groups);
/// Answer the value before; (uint32_t)-1 changes nothing.
uint32_t pawl_thread_setfsuid(uint32_t uid);
uint32_t pawl_thread_setfsgid(uint32_t gid);

// MARK: Processes

int pawl_pidfd_open(int32_t pid);
int pawl_pidfd_signal(int pidfd, int signal);
/// 1 where the child has ended, 0 where it runs, -ECHILD once it was reaped; does not reap it.
/// `status` is then its exit status, or the negative of the signal that ended it.
int pawl_has_ended(int32_t pid, int32_t *status);
/// Lowers the priority of every process of the group.
int pawl_nice_group(int32_t group, int nice);

struct pawl_child {
  const char *path;
  char *const *argv;
  char *const *environment;
  const char *directory;
  /// Standard output and errors.
  int output;
  /// For root alone: become somebody else, for good.
  int changes_identity;
  uint32_t uid, gid;
  size_t group_count;
  const uint32_t *groups;
};

/// A child in a process group of its own: standard input /dev/null, nothing else open, signals
/// reset and unblocked. Answers its pid once the program has begun.
int pawl_spawn_child(const struct pawl_child *child);
/// A process in its own session: standard input /dev/null, output and errors to `log`, nothing
/// else open, signals reset and unblocked. Answers its pid.
int pawl_spawn_detached(
  const char *path, char *const *argv, char *const *environment, int log);

// MARK: Locks

/// Opens a lock file, making it (0600) if `create`; for reading only if not.
int pawl_open_lock(const char *path, int create);

/// Takes flock, and beside it a lock of the open file description, which others can look at
/// without taking anything. -EWOULDBLOCK where somebody holds it.
int pawl_lock(int descriptor);
/// Gives both up, also for copies of the descriptor.
void pawl_unlock(int descriptor);
/// 1 where somebody else holds the lock, 0 where nobody does. Takes nothing.
int pawl_is_locked(int descriptor);

// MARK: Watchdogs (Documentation/watchdog/watchdog-api.rst). Opening one starts it.

/// For writing, close-on-exec. -EBUSY where another process has it.
int pawl_watchdog_open(const char *path);
/// `options` are the WDIOF_ bits; `identity` has 33 bytes and is ended by a zero.
int pawl_watchdog_support(int descriptor, uint32_t *options, char *identity);
/// In and out: what is asked for, what the device makes of it.
int pawl_watchdog_set_timeout(int descriptor, int *seconds);
int pawl_watchdog_get_timeout(int descriptor, int *seconds);
int pawl_watchdog_keep_alive(int descriptor);
/// Says that the next close is meant; the device then stops with it, unless it cannot be stopped.
int pawl_watchdog_allow_close(int descriptor);

/// What this process has in memory stays there, and what it touches later too. `whole`: all that it
/// has mapped now is brought in first.
int pawl_lock_memory(int whole);

/// Restarts the machine at once: nothing is stopped, nothing is synced. 0, or a negative errno.
int pawl_restart_at_once(void);

#endif
