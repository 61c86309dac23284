#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 16

struct plan {
    const char *executable;
    char *const *arguments;
    char *const *environment;
    const int *descriptors;
    int descriptor_count;
    // NULL for the parent's folder.
    const char *folder;
    int heeds_signals;
    pid_t parent;
    volatile int error;
};

static void close_from(int first) {
    if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0) return;
    long last = sysconf(_SC_OPEN_MAX);
    if (last < 0 || last > 65536) last = 65536;
    for (int file = first; file < last; file++) close(file);
}

// Copies out of the way first, so that no source is overwritten before it is used.
static int place_descriptors(const struct plan *plan) {
    int copies[DESCRIPTORS_MAX];
    for (int i = 0; i < plan->descriptor_count; i++) {
        copies[i] = fcntl(plan->descriptors[i], F_DUPFD, DESCRIPTORS_MAX);
        if (copies[i] < 0) return -1;
    }
    for (int i = 0; i < plan->descriptor_count; i++) {
        if (dup2(copies[i], i) < 0) return -1;
    }
    close_from(plan->descriptor_count);
    return 0;
}

// Runs on the parent's memory (vfork): only async-signal-safe calls, no return.
static void run_child(struct plan *plan) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    struct sigaction ignored = {.sa_handler = SIG_IGN};
    for (int number = 1; number < NSIG; number++) {
        int ignores = number == SIGINT || number == SIGTERM || number == SIGHUP || number == SIGPIPE;
        sigaction(number, ignores && !plan->heeds_signals ? &ignored : &standard, NULL);
    }
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != plan->parent) goto failed;
    setpgid(0, 0);
    if (place_descriptors(plan) < 0) goto failed;
    if (plan->folder && chdir(plan->folder) < 0) goto failed;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(plan->executable, plan->arguments, plan->environment);
failed:
    plan->error = errno ? errno : ESRCH;
    _exit(127);
}

static int spawn(struct plan plan) {
    if (plan.descriptor_count < 0 || plan.descriptor_count > DESCRIPTORS_MAX) return -EINVAL;
    // No signal handler of the parent may run in the child while the two share memory.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t child = vfork();
    if (child == 0) run_child(&plan);
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (child < 0) return -error;
    if (plan.error == 0) return child;
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return -plan.error;
}

int cprocess_spawn(const char *executable, char *const *arguments, char *const *environment, const int *descriptors,
                   int descriptor_count) {
    struct plan plan = {executable, arguments, environment, descriptors, descriptor_count, NULL, 0, getpid(), 0};
    return spawn(plan);
}

int cprocess_spawn_tool(const char *executable, char *const *arguments, char *const *environment,
                        const int *descriptors, int descriptor_count, const char *folder) {
    struct plan plan = {executable, arguments, environment, descriptors, descriptor_count, folder, 1, getpid(), 0};
    return spawn(plan);
}

int cprocess_process_descriptor(int process) {
    long file = syscall(SYS_pidfd_open, process, 0);
    return file < 0 ? -errno : (int)file;
}

int cprocess_reap(int process, int *status) {
    pid_t ended;
    do ended = waitpid(process, status, WNOHANG);
    while (ended < 0 && errno == EINTR);
    if (ended < 0) return -errno;
    return ended == process;
}

int cprocess_processors(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return -errno;
    return CPU_COUNT(&set);
}
