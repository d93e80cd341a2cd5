/* Loaded before libc (LD_PRELOAD) by processes whose disk shall fail, or lose power.
 *
 *   SHIM_ROOT   only what lies below this folder is looked at
 *   SHIM_FAIL   "fsync 3 5": the third fsync, and each after it, fails with errno 5 (EIO);
 *               "write 3 28": the same for writes and makings of files, with ENOSPC
 *   SHIM_LOG    a file: one line for each sync that was done, see below
 *   SHIM_KEEP   a folder: copies of file contents as they were when they were synced
 *
 * Lines of the log, in the order of time; whoever acknowledges writes lines of its own there:
 *   F <inode> <copy>          the content of a file is on the disk; a copy of it is in SHIM_KEEP
 *   D <inode> <names>         the names in a folder are on the disk: <type><inode>=<name>/...
 *   T <inode> <names> ...     not synced: all folders as processes see them at this moment
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static __thread int inside;
static int calls, copies;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int below(const char *path) {
    const char *root = getenv("SHIM_ROOT");
    size_t n = root ? strlen(root) : 0;
    return n && path && !strncmp(path, root, n) && (path[n] == '/' || !path[n]);
}

static int below_fd(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, 4095);
    path[n > 0 ? n : 0] = 0;
    return n > 0 && below(path);
}

/* Whether this call fails; sets errno. */
static int fails(const char *kind) {
    const char *order = getenv("SHIM_FAIL");
    char which[16];
    int from, error;
    if (!order || sscanf(order, "%15s %d %d", which, &from, &error) != 3 || strcmp(which, kind))
        return 0;
    if (__sync_add_and_fetch(&calls, 1) < from)
        return 0;
    errno = error;
    return 1;
}

static void names_in(FILE *out, const char *path) {
    DIR *folder = opendir(path);
    for (struct dirent *each; folder && (each = readdir(folder));)
        if (strcmp(each->d_name, ".") && strcmp(each->d_name, ".."))
            fprintf(out, "%c%lu=%s/", each->d_type == DT_DIR ? 'd' : each->d_type == DT_REG ? 'f' : 'l',
                    (unsigned long)each->d_ino, each->d_name);
    if (folder)
        closedir(folder);
}

static void all_names(FILE *out, const char *path, unsigned long inode) {
    fprintf(out, "\t%lu\t", inode);
    names_in(out, path);
    DIR *folder = opendir(path);
    for (struct dirent *each; folder && (each = readdir(folder));) {
        char child[4096];
        if (each->d_type != DT_DIR || !strcmp(each->d_name, ".") || !strcmp(each->d_name, ".."))
            continue;
        snprintf(child, sizeof child, "%s/%s", path, each->d_name);
        all_names(out, child, each->d_ino);
    }
    if (folder)
        closedir(folder);
}

static void keep(const char *path, unsigned long inode, FILE *out) {
    char copy[4096], block[65536];
    int number = __sync_add_and_fetch(&copies, 1);
    snprintf(copy, sizeof copy, "%s/%d-%d", getenv("SHIM_KEEP"), getpid(), number);
    int from = open(path, O_RDONLY), to = open(copy, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    for (ssize_t n; from >= 0 && (n = read(from, block, sizeof block)) > 0;)
        if (REAL(write)(to, block, n) != n)
            abort();
    close(from);
    close(to);
    fprintf(out, "F\t%lu\t%d-%d\n", inode, getpid(), number);
}

static void note(const char *path) {
    struct stat stat_;
    char *text;
    size_t size;
    if (!getenv("SHIM_LOG") || stat(path, &stat_))
        return;
    inside = 1;
    pthread_mutex_lock(&turn);
    FILE *out = open_memstream(&text, &size);
    if (S_ISDIR(stat_.st_mode)) {
        fprintf(out, "D\t%lu\t", (unsigned long)stat_.st_ino);
        names_in(out, path);
        fprintf(out, "\n");
    } else
        keep(path, stat_.st_ino, out);
    struct stat root;
    if (!stat(getenv("SHIM_ROOT"), &root)) {
        fprintf(out, "T");
        all_names(out, getenv("SHIM_ROOT"), root.st_ino);
        fprintf(out, "\n");
    }
    fclose(out);
    int log = open(getenv("SHIM_LOG"), O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (REAL(write)(log, text, size) != (ssize_t)size)
        abort();
    close(log);
    free(text);
    pthread_mutex_unlock(&turn);
    inside = 0;
}

static int synced(int (*real)(int), int fd) {
    char path[4096];
    if (inside || !below_fd(fd, path))
        return real(fd);
    if (fails("fsync"))
        return -1;
    int result = real(fd);
    if (!result)
        note(path);
    return result;
}

int fsync(int fd) { return synced(REAL(fsync), fd); }
int fdatasync(int fd) { return synced(REAL(fdatasync), fd); }

#define NO_ROOM(fd) (!inside && below_fd(fd, (char[4096]){0}) && fails("write"))

ssize_t write(int fd, const void *data, size_t n) {
    return NO_ROOM(fd) ? -1 : REAL(write)(fd, data, n);
}
ssize_t writev(int fd, const struct iovec *parts, int n) {
    return NO_ROOM(fd) ? -1 : REAL(writev)(fd, parts, n);
}
ssize_t pwrite(int fd, const void *data, size_t n, off_t at) {
    return NO_ROOM(fd) ? -1 : REAL(pwrite)(fd, data, n, at);
}
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at) {
    return NO_ROOM(fd) ? -1 : REAL(pwrite64)(fd, data, n, at);
}
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t n, unsigned flags) {
    return NO_ROOM(to) ? -1 : REAL(copy_file_range)(from, a, to, b, n, flags);
}
int mkdir(const char *path, mode_t mode) {
    return !inside && below(path) && fails("write") ? -1 : REAL(mkdir)(path, mode);
}
int link(const char *from, const char *to) {
    return !inside && below(to) && fails("write") ? -1 : REAL(link)(from, to);
}
int linkat(int a, const char *from, int b, const char *to, int flags) {
    return !inside && below(to) && fails("write") ? -1 : REAL(linkat)(a, from, b, to, flags);
}
int rename(const char *from, const char *to) {
    return !inside && below(to) && fails("write") ? -1 : REAL(rename)(from, to);
}
