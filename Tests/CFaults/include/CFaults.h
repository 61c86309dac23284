/// Things that a render worker must not be able to do, done by direct system calls.
#ifndef CFAULTS_H
#define CFAULTS_H

/// Writes to address 0.
void fault_crash(void);
/// Each returns 0 if it succeeded, else `errno`.
int fault_fork(void);
int fault_execute(void);
int fault_trace(void);
int fault_socket(void);
int fault_memory_file(void);
int fault_write_file(const char *path);
int fault_read_file(const char *path);
int fault_signal_parent(void);
int fault_new_thread(void);

#endif
