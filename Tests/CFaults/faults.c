#define _GNU_SOURCE
#include "CFaults.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

void fault_crash(void) { *(volatile int *)NULL = 1; }

int fault_fork(void) {
    pid_t child = fork();
    if (child == 0) _exit(0);
    return child < 0 ? errno : 0;
}

int fault_execute(void) {
    char *arguments[] = {"true", NULL};
    execve("/usr/bin/true", arguments, NULL);
    return errno;
}

int fault_trace(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? errno : 0; }

int fault_socket(void) {
    int file = socket(AF_INET, SOCK_STREAM, 0);
    return file < 0 ? errno : 0;
}

int fault_memory_file(void) {
    int file = memfd_create("fault", 0);
    return file < 0 ? errno : 0;
}

int fault_write_file(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    return file < 0 ? errno : 0;
}

int fault_read_file(const char *path) {
    int file = open(path, O_RDONLY);
    if (file < 0) return errno;
    close(file);
    return 0;
}

int fault_signal_parent(void) { return kill(getppid(), 0) < 0 ? errno : 0; }

static void *do_nothing(void *argument) { return argument; }

int fault_new_thread(void) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, do_nothing, NULL);
    if (error == 0) pthread_join(thread, NULL);
    return error;
}
