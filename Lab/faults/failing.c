/* Preloaded: calls on files whose path holds FAULT_PATH fail with EIO, from one of them on, as on a
 * disk that has died. FAULT_FROM=0 only counts.
 *
 * FAULT_CALL   fdatasync, fsync, pwrite or syncfs
 * FAULT_PATH   a part of the path, "" for every file; its end where this ends with $
 * FAULT_FROM   the number of the first call that fails
 * FAULT_TOLD   gets one line for each such call
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int calls;

static void tell(const char *name, const char *path, int failed)
{
	const char *told = getenv("FAULT_TOLD");
	char line[600];
	int length = snprintf(line, sizeof line, "%s %s %s\n", failed ? "EIO" : "ok", name, path);
	int file = told ? open(told, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;

	if (file < 0)
		return;
	/* Past the names that this library takes over. */
	syscall(SYS_write, file, line, length);
	close(file);
}

static int is_meant(const char *path, const char *part)
{
	size_t length = strlen(part);

	if (length == 0 || part[length - 1] != '$')
		return strstr(path, part) != NULL;
	return strlen(path) >= length - 1
		&& strncmp(path + strlen(path) - (length - 1), part, length - 1) == 0;
}

static int must_fail(const char *name, int file)
{
	const char *wanted = getenv("FAULT_CALL"), *part = getenv("FAULT_PATH");
	const char *from = getenv("FAULT_FROM");
	char link[64], path[512];
	int before = errno, failed;
	ssize_t length;

	if (!wanted || !part || !from || strcmp(wanted, name) != 0)
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", file);
	length = readlink(link, path, sizeof path - 1);
	path[length < 0 ? 0 : length] = 0;
	errno = before;
	if (!is_meant(path, part))
		return 0;
	failed = atoi(from) > 0 && atomic_fetch_add(&calls, 1) + 1 >= atoi(from);
	tell(name, path, failed);
	errno = failed ? EIO : before;
	return failed;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int fdatasync(int file) { return must_fail("fdatasync", file) ? -1 : NEXT(fdatasync)(file); }
int fsync(int file) { return must_fail("fsync", file) ? -1 : NEXT(fsync)(file); }
int syncfs(int file) { return must_fail("syncfs", file) ? -1 : NEXT(syncfs)(file); }

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
	return must_fail("pwrite", file) ? -1 : NEXT(pwrite)(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at)
{
	return must_fail("pwrite", file) ? -1 : NEXT(pwrite64)(file, bytes, count, at);
}
