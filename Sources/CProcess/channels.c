#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

#define DESCRIPTORS_MAX 64

static int unblock(int file) {
    int flags = fcntl(file, F_GETFL);
    return flags < 0 || fcntl(file, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

static int unblock_first(int ends[2]) {
    int result = unblock(ends[0]);
    if (result < 0) {
        close(ends[0]);
        close(ends[1]);
    }
    return result;
}

int cprocess_channel(int ends[2]) {
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) return -errno;
    return unblock_first(ends);
}

int cprocess_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
    return unblock_first(ends);
}

int cprocess_wake(void) {
    int file = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return file < 0 ? -errno : file;
}

union control {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int) * DESCRIPTORS_MAX)];
};

long cprocess_send(int socket, const void *bytes, size_t count, const int *descriptors, int descriptor_count) {
    if (descriptor_count < 0 || descriptor_count > DESCRIPTORS_MAX) return -EINVAL;
    struct iovec part = {(void *)bytes, count};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    union control control;
    if (descriptor_count > 0) {
        size_t length = sizeof(int) * (size_t)descriptor_count;
        memset(&control, 0, sizeof control);
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(length);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(length);
        memcpy(CMSG_DATA(header), descriptors, length);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -errno : sent;
}

// Collects the descriptors of every control message; those past the capacity are closed.
static int collect(struct msghdr *message, int *descriptors, int capacity) {
    int count = 0, surplus = 0;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t attached = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < attached; i++) {
            int file;
            memcpy(&file, CMSG_DATA(header) + i * sizeof(int), sizeof file);
            if (count < capacity) {
                descriptors[count++] = file;
            } else {
                close(file);
                surplus = 1;
            }
        }
    }
    if (!surplus && !(message->msg_flags & MSG_CTRUNC)) return count;
    for (int i = 0; i < count; i++) close(descriptors[i]);
    return -EMSGSIZE;
}

long cprocess_receive(int socket, void *bytes, size_t capacity, int *descriptors, int descriptor_capacity,
                      int *descriptor_count) {
    if (descriptor_capacity < 0 || descriptor_capacity > DESCRIPTORS_MAX) return -EINVAL;
    struct iovec part = {bytes, capacity};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    union control control;
    if (descriptor_capacity > 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
    }
    ssize_t received;
    do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (received < 0 && errno == EINTR);
    if (received < 0) return -errno;
    if (descriptor_capacity > 0) {
        int count = collect(&message, descriptors, descriptor_capacity);
        if (count < 0) return count;
        *descriptor_count = count;
    }
    return received;
}

int cprocess_memory_file(const char *name) {
    int file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
    if (file < 0 && errno == EINVAL) file = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    return file < 0 ? -errno : file;
}

int cprocess_seal(int file) {
    int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    return fcntl(file, F_ADD_SEALS, seals) < 0 ? -errno : 0;
}

size_t cprocess_heap_slack(void) { return mallinfo2().fordblks; }

void cprocess_trim_heap(void) { malloc_trim(0); }
