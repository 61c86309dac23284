/// Linux process control that Swift cannot reach itself: variadic calls, calls without a libc wrapper, and code that
/// runs between `vfork` and `execve`.
///
/// Every function returns a value ≥ 0 on success and a negated `errno` on failure, and keeps no state.
#ifndef CPROCESS_H
#define CPROCESS_H

#include <stddef.h>
#include <stdint.h>

// ---- Processes ----

/// Starts `executable`. In the child, descriptor i is a copy of `descriptors[i]` and every other one is closed; the
/// child has its own process group, ignores SIGINT, SIGTERM, SIGHUP and SIGPIPE, and is killed when the *thread* that
/// called this function ends. `arguments` and `environment` end with NULL. Returns the child's id.
int cprocess_spawn(const char *executable, char *const *arguments, char *const *environment, const int *descriptors,
                   int descriptor_count);

/// The same for a program that is not ours: it heeds signals as programs do, and starts in `folder` unless that is
/// NULL.
int cprocess_spawn_tool(const char *executable, char *const *arguments, char *const *environment,
                        const int *descriptors, int descriptor_count, const char *folder);

/// A descriptor that becomes readable when the process has ended.
int cprocess_process_descriptor(int process);

/// Reaps `process` if it has ended: 1 and its wait status, or 0 if it still runs.
int cprocess_reap(int process, int *status);

/// The processors this process may run on.
int cprocess_processors(void);

// ---- Channels ----

/// A connected pair of stream sockets, both close-on-exec; the first one does not block.
int cprocess_channel(int ends[2]);

/// A pipe, both ends close-on-exec; the first one (for reading) does not block.
int cprocess_pipe(int ends[2]);

/// A counter that wakes a `poll`: close-on-exec, does not block.
int cprocess_wake(void);

/// Sends bytes with descriptors attached (0…64). Returns how many bytes went; no SIGPIPE.
long cprocess_send(int socket, const void *bytes, size_t count, const int *descriptors, int descriptor_count);

/// Receives bytes and up to `descriptor_capacity` (≤ 64) descriptors, close-on-exec. More attached descriptors than
/// that are closed and -EMSGSIZE is returned. With capacity 0, attached descriptors are dropped by the kernel.
long cprocess_receive(int socket, void *bytes, size_t capacity, int *descriptors, int descriptor_capacity,
                      int *descriptor_count);

// ---- Memory files ----

/// An empty anonymous file in memory, close-on-exec, never executable where the kernel can forbid it.
int cprocess_memory_file(const char *name);

/// Forbids growing, shrinking, writing and further seals.
int cprocess_seal(int file);

/// Bytes of heap memory that are free but not given back to the kernel.
size_t cprocess_heap_slack(void);

/// Gives freed heap memory back to the kernel.
void cprocess_trim_heap(void);

// ---- Confinement ----

enum cprocess_limit {
    CPROCESS_LIMIT_DATA,       // bytes of private writable memory
    CPROCESS_LIMIT_ADDRESSES,  // bytes of address space
    CPROCESS_LIMIT_PROCESSOR,  // seconds of CPU time
    CPROCESS_LIMIT_FILES,      // open descriptors
    CPROCESS_LIMIT_FILE_SIZE,  // bytes a written file may have
    CPROCESS_LIMIT_CORE,       // bytes of a core dump
};

/// Sets the soft limit, and the hard one too unless `keeps_hard`.
int cprocess_limit(enum cprocess_limit limit, uint64_t value, int keeps_hard);

/// Forbids gaining privileges by `execve`; needed before Landlock and seccomp.
int cprocess_forbid_new_privileges(void);

/// Gives up all supplementary groups and becomes another user for good.
int cprocess_become(uint32_t user, uint32_t group);

/// Asks to be killed with the parent; -ESRCH if the parent is no longer `parent`.
int cprocess_die_with_parent(int parent);

/// Neither core dumps nor tracing by processes of the same user.
int cprocess_forbid_tracing(void);

/// Makes this process the first to go when the machine is out of memory (0…1000).
int cprocess_prefer_as_victim(int score);

/// The Landlock version of this kernel; negative where it is missing or turned off.
int cprocess_landlock_version(void);

/// From now on this thread and its children can read below `readable` (NULL-terminated; paths that do not exist are
/// skipped) and nothing else: no writing, no making, no executing, no TCP, no signals to other processes. Can be called
/// again to give up more. Returns the number of paths granted.
int cprocess_landlock_restrict(char *const *readable);

/// From now on all threads can call only what decoding pictures needs. Starting a program or tracing ends the process;
/// everything else that is not needed fails with EPERM, as does opening files unless `may_open` (for reading).
int cprocess_seccomp_restrict(int may_open);

#endif
