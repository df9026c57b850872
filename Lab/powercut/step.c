/* What the steps of the journal's lab run: it says in a ledger, on a disk that is not cut, when it
 * begins and when it has ended. In between it waits, or writes a file and does not sync it.
 *
 * usage: step LEDGER NAME MILLISECONDS [FILE]    FILE gets 400 lines of NAME
 *        step whole FILE NAME                    exit 0 where FILE holds exactly those
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LINES 400

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* One write, so that lines of several processes never mix; durable before the step goes on. */
static void say(const char *ledger, const char *what, const char *name)
{
	const char *token = getenv("PAWL_ATTEMPT");
	const char *attempt = token ? strrchr(token, '/') : NULL;
	char line[256];
	int length = snprintf(line, sizeof line, "%s %s %s\n", what, name, attempt ? attempt + 1 : "0");
	int file = open(ledger, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (file < 0 || write(file, line, length) != length || fdatasync(file) != 0)
		fail(ledger);
	close(file);
}

static void fill(const char *path, const char *name, useconds_t pause)
{
	FILE *file = fopen(path, "we");

	if (!file)
		fail(path);
	for (int line = 0; line < LINES; line++) {
		fprintf(file, "%s\n", name);
		if (line == LINES / 2) {
			fflush(file);
			usleep(pause);
		}
	}
	if (fclose(file) != 0)
		fail(path);
}

static int is_whole(const char *path, const char *name)
{
	char line[256], wanted[256];
	int count = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		return 0;
	snprintf(wanted, sizeof wanted, "%s\n", name);
	while (fgets(line, sizeof line, file))
		count = strcmp(line, wanted) == 0 ? count + 1 : -LINES;
	fclose(file);
	return count == LINES;
}

int main(int count, char **words)
{
	if (count == 4 && strcmp(words[1], "whole") == 0)
		return is_whole(words[2], words[3]) ? 0 : 1;
	if (count != 4 && count != 5)
		return 64;
	say(words[1], "start", words[2]);
	if (count == 5)
		fill(words[4], words[2], atoi(words[3]) * 1000);
	else
		usleep(atoi(words[3]) * 1000);
	say(words[1], "end", words[2]);
	return 0;
}
