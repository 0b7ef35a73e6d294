/* A file layer that fails when a test says so, laid under the whole program (LD_PRELOAD): under the store, SQLite, the
   index and the packages alike. Every act on a file that could leave a trace is counted; the one of number FAIL_AT is

     FAIL_HOW=kill   the last: the process is killed before it, a write after half of its bytes
     FAIL_HOW=once   refused with an I/O error
     FAIL_HOW=full   refused as on a full disk, and so is from then on whatever takes room
     FAIL_HOW=gone   refused, and everything after it under the folder FAIL_UNDER, reading too: a drive that is gone

   FAIL_COUNT names a file that is told how many acts there were. With FAIL_LOCKS=granted everybody gets every lock, as on
   some network drives; with FAIL_LOCKS=37 (or another number of an error) nobody gets any, as on others. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum how { NOTHING, KILL, ONCE, FULL, GONE };

static enum how how;
static long at;
static const char *under;
static atomic_long acts;
static atomic_int struck;

__attribute__((constructor)) static void begin(void) {
    const char *word = getenv("FAIL_HOW"), *number = getenv("FAIL_AT");
    under = getenv("FAIL_UNDER");
    at = number ? atol(number) : 0;
    if (word && at > 0)
        how = !strcmp(word, "kill") ? KILL : !strcmp(word, "once") ? ONCE : !strcmp(word, "full") ? FULL : GONE;
}

__attribute__((destructor)) static void end(void) {
    const char *told = getenv("FAIL_COUNT");
    char line[32];
    if (!told) return;
    int fd = syscall(SYS_openat, AT_FDCWD, told, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0) return;
    int length = snprintf(line, sizeof line, "%ld\n", atomic_load(&acts));
    syscall(SYS_write, fd, line, length);
    syscall(SYS_close, fd);
}

/* The next act; 0 if it may be done, else the error it meets. */
static int act(int takes_room) {
    long number = atomic_fetch_add(&acts, 1) + 1;
    if (how == NOTHING || number < at) return 0;
    if (number == at) {
        atomic_store(&struck, 1);
        if (how == KILL) return -1;
        if (how == FULL) return takes_room ? ENOSPC : 0;
        return EIO;
    }
    if (how == FULL) return takes_room ? ENOSPC : 0;
    return how == GONE ? EIO : 0;
}

static void die(void) { syscall(SYS_kill, getpid(), SIGKILL); for (;;) pause(); }

/* Whether a handle is that of a file on a disk. */
static int is_file(int fd) {
    struct stat about;
    return fd > 2 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode);
}

static int is_under(const char *path) { return under && path && (path[0] != '/' || !strncmp(path, under, strlen(under))); }

/* Whether reading fails by now. */
static int gone(int fd) {
    char link[64], path[4096];
    if (how != GONE || !atomic_load(&struck)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return path[0] == '/' && is_under(path);
}

#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name)
#define MAY(takes_room) \
    do { int error = act(takes_room); if (error < 0) die(); if (error) { errno = error; return -1; } } while (0)

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
        REAL(int, name, const char *, int, ...); \
        if (flags & (O_CREAT | O_TRUNC)) MAY(1); \
        else if (how == GONE && atomic_load(&struck) && is_under(path)) { errno = EIO; return -1; } \
        return real(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

int openat(int folder, const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest);
    REAL(int, openat, int, const char *, int, ...);
    if (flags & (O_CREAT | O_TRUNC)) MAY(1);
    return real(folder, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t length) {
    REAL(ssize_t, write, int, const void *, size_t);
    if (is_file(fd)) {
        int error = act(1);
        if (error < 0) { real(fd, bytes, length / 2); die(); }
        if (error) { errno = error; return -1; }
    }
    return real(fd, bytes, length);
}

#define PWRITE(name, offset_t) \
    ssize_t name(int fd, const void *bytes, size_t length, offset_t place) { \
        REAL(ssize_t, name, int, const void *, size_t, offset_t); \
        int error = act(1); \
        if (error < 0) { real(fd, bytes, length / 2, place); die(); } \
        if (error) { errno = error; return -1; } \
        return real(fd, bytes, length, place); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, writev, int, const struct iovec *, int);
    if (is_file(fd)) MAY(1);
    return real(fd, parts, count);
}

ssize_t copy_file_range(int from, off64_t *from_place, int to, off64_t *to_place, size_t length, unsigned flags) {
    REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned);
    MAY(1);
    return real(from, from_place, to, to_place, length, flags);
}

ssize_t read(int fd, void *bytes, size_t length) {
    REAL(ssize_t, read, int, void *, size_t);
    if (gone(fd)) { errno = EIO; return -1; }
    return real(fd, bytes, length);
}

ssize_t pread64(int fd, void *bytes, size_t length, off64_t place) {
    REAL(ssize_t, pread64, int, void *, size_t, off64_t);
    if (gone(fd)) { errno = EIO; return -1; }
    return real(fd, bytes, length, place);
}

int fsync(int fd) { REAL(int, fsync, int); MAY(0); return real(fd); }
int fdatasync(int fd) { REAL(int, fdatasync, int); MAY(0); return real(fd); }
int ftruncate(int fd, off_t length) { REAL(int, ftruncate, int, off_t); MAY(length > 0); return real(fd, length); }
int ftruncate64(int fd, off64_t length) { REAL(int, ftruncate64, int, off64_t); MAY(length > 0); return real(fd, length); }
int rename(const char *from, const char *to) { REAL(int, rename, const char *, const char *); MAY(0); return real(from, to); }
int unlink(const char *path) { REAL(int, unlink, const char *); MAY(0); return real(path); }
int unlinkat(int folder, const char *path, int flags) { REAL(int, unlinkat, int, const char *, int); MAY(0); return real(folder, path, flags); }
int rmdir(const char *path) { REAL(int, rmdir, const char *); MAY(0); return real(path); }
int mkdir(const char *path, mode_t mode) { REAL(int, mkdir, const char *, mode_t); MAY(1); return real(path, mode); }
int link(const char *from, const char *to) { REAL(int, link, const char *, const char *); MAY(1); return real(from, to); }

/* The error that every lock meets: 0 if everybody gets it, -1 if the system is asked. */
static int lock_error(void) {
    const char *word = getenv("FAIL_LOCKS");
    return word ? atoi(word) : -1;
}

int flock(int fd, int operation) {
    REAL(int, flock, int, int);
    int error = lock_error();
    if (error < 0) return real(fd, operation);
    errno = error;
    return error ? -1 : 0;
}

/* A lock that was asked for is had, and one that is asked after is nobody's; or both are refused. 1 if that is settled. */
static int settled(int command, void *about, int *result) {
    int error = lock_error(), asked = command == F_GETLK || command == F_OFD_GETLK;
    int wanted = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
    if (error < 0 || !(asked || wanted)) return 0;
    if (error) { errno = error; *result = -1; return 1; }
    if (asked) ((struct flock *)about)->l_type = F_UNLCK;
    *result = 0;
    return 1;
}

#define FCNTL(name) \
    int name(int fd, int command, ...) { \
        va_list rest; va_start(rest, command); void *about = va_arg(rest, void *); va_end(rest); \
        REAL(int, name, int, int, ...); \
        int result; \
        return settled(command, about, &result) ? result : real(fd, command, about); \
    }
FCNTL(fcntl)
FCNTL(fcntl64)
