#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "the system call filter knows x86-64 and AArch64"
#endif

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#endif

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + 8 * (n)))
#define FAIL(error) (SECCOMP_RET_ERRNO | ((error) & SECCOMP_RET_DATA))

// Calls whose arguments do not matter: memory, threads, clocks, and reading or writing what is already open.
static const int allowed[] = {
    SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_close, SYS_lseek, SYS_fstat, SYS_newfstatat, SYS_statx,
    SYS_fstatfs, SYS_statfs, SYS_fadvise64, SYS_umask, SYS_getdents64, SYS_readlinkat, SYS_faccessat, SYS_getcwd,
    SYS_mmap, SYS_munmap, SYS_mprotect, SYS_mremap, SYS_madvise, SYS_brk,
    SYS_futex, SYS_set_robust_list, SYS_get_robust_list, SYS_rseq, SYS_set_tid_address, SYS_membarrier,
    SYS_sched_yield, SYS_sched_getaffinity, SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_getattr,
    SYS_sched_setattr, SYS_getcpu,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_restart_syscall,
    SYS_exit, SYS_exit_group,
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_times,
    SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getrusage, SYS_sysinfo,
    SYS_uname, SYS_getrandom, SYS_eventfd2, SYS_ppoll, SYS_recvmsg, SYS_sendmsg,
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
#ifdef SYS_futex_waitv
    SYS_futex_waitv,
#endif
#if defined(__x86_64__)
    SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_poll, SYS_getrlimit, SYS_time, SYS_arch_prctl,
#endif
};

// Never an accident.
static const int deadly[] = {
    SYS_execve, SYS_execveat, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kexec_load, SYS_init_module,
    SYS_finit_module, SYS_bpf, SYS_mount, SYS_pivot_root, SYS_setns, SYS_unshare,
};

#define FILTER_MAX 256

struct filter {
    struct sock_filter steps[FILTER_MAX];
    unsigned short count;
};

static void add(struct filter *filter, struct sock_filter step) {
    if (filter->count < FILTER_MAX) filter->steps[filter->count] = step;
    filter->count++;
}

static void load(struct filter *filter, uint32_t offset) {
    add(filter, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset));
}

static void answer(struct filter *filter, uint32_t action) {
    add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action));
}

static void answer_if_call(struct filter *filter, int call, uint32_t action) {
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1));
    answer(filter, action);
}

// `call` is allowed when (argument & mask) == value, else it gets `otherwise`.
static void allow_if(struct filter *filter, int call, int argument, uint32_t mask, uint32_t value, uint32_t otherwise) {
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 5));
    load(filter, ARGUMENT(argument));
    add(filter, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    answer(filter, SECCOMP_RET_ALLOW);
    answer(filter, otherwise);
}

// `call` is allowed when the argument is one of `values`, else it gets `otherwise`.
static void allow_values(struct filter *filter, int call, int argument, const uint32_t *values, int count,
                         uint32_t otherwise) {
    uint8_t past = (uint8_t)(count + 3);
    add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, past));
    load(filter, ARGUMENT(argument));
    for (int i = 0; i < count; i++) {
        uint8_t to_allow = (uint8_t)(count - i);
        add(filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, values[i], to_allow, 0));
    }
    answer(filter, otherwise);
    answer(filter, SECCOMP_RET_ALLOW);
}

static void add_argument_rules(struct filter *filter, int may_open) {
    const uint32_t all = ~0u, no = FAIL(EPERM), self = (uint32_t)getpid();
    // New threads, not new processes. glibc tries clone3 first, whose flags a filter cannot see.
    allow_if(filter, SYS_clone, 0, CLONE_THREAD, CLONE_THREAD, no);
    answer_if_call(filter, SYS_clone3, FAIL(ENOSYS));
    const uint32_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
    if (may_open) {
        allow_if(filter, SYS_openat, 2, writing, O_RDONLY, no);
#if defined(__x86_64__)
        allow_if(filter, SYS_open, 1, writing, O_RDONLY, no);
#endif
    }
    // Sending on the connected channel only: no destination address.
    allow_if(filter, SYS_sendto, 4, all, 0, no);
    allow_if(filter, SYS_recvfrom, 4, all, 0, no);
    allow_if(filter, SYS_tgkill, 0, all, self, no);
    // Only a process's own limits (abort and thread creation read them; the loop lowers its CPU time).
    allow_if(filter, SYS_prlimit64, 0, all, 0, no);
    allow_values(filter, SYS_fcntl, 1, (const uint32_t[]){F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC}, 4, no);
    allow_values(filter, SYS_prctl, 0, (const uint32_t[]){PR_SET_NAME, PR_GET_NAME}, 2, no);
    // Is it a terminal, how much is readable.
    allow_values(filter, SYS_ioctl, 1, (const uint32_t[]){TCGETS, FIONREAD}, 2, FAIL(ENOTTY));
}

int cprocess_seccomp_restrict(int may_open) {
    struct filter filter = {.count = 0};
    load(&filter, FIELD(arch));
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
    answer(&filter, SECCOMP_RET_KILL_PROCESS);
    load(&filter, FIELD(nr));
#if defined(__x86_64__)
    // The x32 calls have numbers of their own.
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000u, 0, 1));
    answer(&filter, SECCOMP_RET_KILL_PROCESS);
#endif
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++) {
        answer_if_call(&filter, allowed[i], SECCOMP_RET_ALLOW);
    }
    for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++) {
        answer_if_call(&filter, deadly[i], SECCOMP_RET_KILL_PROCESS);
    }
    add_argument_rules(&filter, may_open);
    // A call newer than this list "does not exist": libraries then take the older way.
    add(&filter, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, SYS_clone3, 0, 1));
    answer(&filter, FAIL(ENOSYS));
    answer(&filter, FAIL(EPERM));
    if (filter.count > FILTER_MAX) return -E2BIG;
    struct sock_fprog program = {filter.count, filter.steps};
    long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
    if (result > 0) return -ESRCH;
    return result < 0 ? -errno : 0;
}
