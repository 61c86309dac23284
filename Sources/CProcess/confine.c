#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int resource_of(enum cprocess_limit limit) {
    switch (limit) {
    case CPROCESS_LIMIT_DATA: return RLIMIT_DATA;
    case CPROCESS_LIMIT_ADDRESSES: return RLIMIT_AS;
    case CPROCESS_LIMIT_PROCESSOR: return RLIMIT_CPU;
    case CPROCESS_LIMIT_FILES: return RLIMIT_NOFILE;
    case CPROCESS_LIMIT_FILE_SIZE: return RLIMIT_FSIZE;
    case CPROCESS_LIMIT_CORE: return RLIMIT_CORE;
    }
    return -1;
}

int cprocess_limit(enum cprocess_limit limit, uint64_t value, int keeps_hard) {
    int resource = resource_of(limit);
    struct rlimit bounds;
    if (resource < 0) return -EINVAL;
    if (getrlimit(resource, &bounds) < 0) return -errno;
    // A limit that is already lower stays: it can be raised only by root, and was set on purpose.
    rlim_t wanted = value < bounds.rlim_max ? value : bounds.rlim_max;
    bounds.rlim_cur = wanted;
    if (!keeps_hard) bounds.rlim_max = wanted;
    return setrlimit(resource, &bounds) < 0 ? -errno : 0;
}

int cprocess_forbid_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : 0; }

int cprocess_become(uint32_t user, uint32_t group) {
    if (setgroups(0, NULL) < 0) return -errno;
    if (setresgid(group, group, group) < 0) return -errno;
    if (setresuid(user, user, user) < 0) return -errno;
    // It must not be possible to come back.
    return setuid(0) == 0 ? -EPERM : 0;
}

int cprocess_die_with_parent(int parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0) return -errno;
    return getppid() == parent ? 0 : -ESRCH;
}

int cprocess_forbid_tracing(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ? -errno : 0; }

int cprocess_prefer_as_victim(int score) {
    char text[16];
    int length = snprintf(text, sizeof text, "%d", score);
    int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    ssize_t written = write(file, text, (size_t)length);
    int result = written == length ? 0 : -errno;
    close(file);
    return result;
}

// The kernel's structures, written out so that an older <linux/landlock.h> does not limit what is restricted.
struct landlock_rules {
    uint64_t files;
    uint64_t network;
    uint64_t scopes;
};

struct __attribute__((packed)) landlock_path {
    uint64_t allowed;
    int32_t directory;
};

#define LANDLOCK_FILE_READ (1ull << 2)
#define LANDLOCK_FOLDER_READ (1ull << 3)
#define LANDLOCK_FILES_1 ((1ull << 13) - 1)
#define LANDLOCK_REFER_2 (1ull << 13)
#define LANDLOCK_TRUNCATE_3 (1ull << 14)
#define LANDLOCK_DEVICE_5 (1ull << 15)
#define LANDLOCK_NETWORK_4 3ull
#define LANDLOCK_SCOPES_6 3ull

int cprocess_landlock_version(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1u);
    return version < 0 ? -errno : (int)version;
}

static int create_rules(void) {
    int version = cprocess_landlock_version();
    if (version < 0) return version;
    struct landlock_rules rules = {.files = LANDLOCK_FILES_1};
    size_t size = sizeof rules.files;
    if (version >= 2) rules.files |= LANDLOCK_REFER_2;
    if (version >= 3) rules.files |= LANDLOCK_TRUNCATE_3;
    if (version >= 5) rules.files |= LANDLOCK_DEVICE_5;
    if (version >= 4) {
        rules.network = LANDLOCK_NETWORK_4;
        size += sizeof rules.network;
    }
    if (version >= 6) {
        rules.scopes = LANDLOCK_SCOPES_6;
        size += sizeof rules.scopes;
    }
    long file = syscall(SYS_landlock_create_ruleset, &rules, size, 0u);
    return file < 0 ? -errno : (int)file;
}

static int allow_path(int rules, const char *path) {
    struct landlock_path rule = {.allowed = LANDLOCK_FILE_READ | LANDLOCK_FOLDER_READ};
    rule.directory = open(path, O_PATH | O_CLOEXEC);
    if (rule.directory < 0) return 0;
    long result = syscall(SYS_landlock_add_rule, rules, 1, &rule, 0u);
    if (result < 0 && errno == EINVAL) {
        // A single file: the right to list a folder does not apply.
        rule.allowed = LANDLOCK_FILE_READ;
        result = syscall(SYS_landlock_add_rule, rules, 1, &rule, 0u);
    }
    close(rule.directory);
    return result == 0;
}

int cprocess_landlock_restrict(char *const *readable) {
    int rules = create_rules();
    if (rules < 0) return rules;
    int granted = 0;
    for (int i = 0; readable[i]; i++) granted += allow_path(rules, readable[i]);
    long result = syscall(SYS_landlock_restrict_self, rules, 0u);
    int error = errno;
    close(rules);
    return result < 0 ? -error : granted;
}
