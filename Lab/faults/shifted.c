/* Preloaded: the wall clock is off by as many seconds as the file CLOCK_OFFSET says at that moment.
 * Clocks that count from the boot stay right, as they do where somebody sets the date.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t offset(void)
{
	const char *path = getenv("CLOCK_OFFSET");
	char text[32] = "";
	int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

	if (file >= 0 && read(file, text, sizeof text - 1) < 0)
		text[0] = 0;
	if (file >= 0)
		close(file);
	return atoll(text);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
	static __typeof__(&clock_gettime) next;
	int result;

	if (!next)
		next = (__typeof__(&clock_gettime))dlsym(RTLD_NEXT, "clock_gettime");
	result = next(clock, now);
	if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
		now->tv_sec += offset();
	return result;
}

time_t time(time_t *where)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (where)
		*where = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict where, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	where->tv_sec = now.tv_sec;
	where->tv_usec = now.tv_nsec / 1000;
	return 0;
}
