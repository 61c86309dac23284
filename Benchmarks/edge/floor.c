// The floor of a cache hit: one epoll loop, answers prepared at the start, one writev of head and body. It reads the
// request line and nothing else; no freshness, no conditions, no limits. Prints the port it got.
//
//   floor KEYS      answers /b/SIZE (30000 and 1500000 bytes) and /k/0 … /k/KEYS-1 (one byte each), else 404
//
// Build: cc -O2 floor.c -o floor

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { RECEIVE_LIMIT = 4096, EVENTS = 256 };

struct answer {
    char path[24], head[160];
    size_t path_length, head_length, body_length;
    const char *body;
};

struct connection {
    int descriptor;
    size_t received, sent;
    const struct answer *answer; // being written, NULL between requests
    char bytes[RECEIVE_LIMIT];
};

static struct answer *table;
static size_t slots;
static struct answer missing;

static size_t slot_of(const char *path, size_t length) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)path[i]) * 1099511628211u;
    return (size_t)(hash ^ hash >> 32) & (slots - 1);
}

static const struct answer *find(const char *path, size_t length) {
    for (size_t i = slot_of(path, length); table[i].path_length; i = (i + 1) & (slots - 1))
        if (table[i].path_length == length && !memcmp(table[i].path, path, length)) return &table[i];
    return &missing;
}

static void add(const char *path, size_t body_length) {
    size_t length = strlen(path), i = slot_of(path, length);
    while (table[i].path_length) i = (i + 1) & (slots - 1);
    char *body = malloc(body_length);
    if (!body) exit(1);
    memset(body, 'v', body_length);
    struct answer *answer = &table[i];
    memcpy(answer->path, path, length);
    answer->path_length = length;
    answer->body = body;
    answer->body_length = body_length;
    answer->head_length = (size_t)snprintf(answer->head, sizeof answer->head,
        "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %zu\r\n"
        "Cache-Control: public, max-age=86400\r\nAge: 0\r\n\r\n", body_length);
}

static void prepare(long keys) {
    for (slots = 64; slots < (size_t)keys * 2; slots *= 2) {}
    table = calloc(slots, sizeof *table);
    if (!table) exit(1);
    add("/b/30000", 30000);
    add("/b/1500000", 1500000);
    char path[24];
    for (long key = 0; key < keys; key++) {
        snprintf(path, sizeof path, "/k/%ld", key);
        add(path, 1);
    }
    missing.head_length = (size_t)snprintf(missing.head, sizeof missing.head,
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    missing.body = "";
}

// Writes what is left of the answer; -1 when the connection is done for, 0 when the socket is full, 1 when all is out.
static int write_out(struct connection *c) {
    const struct answer *a = c->answer;
    while (c->sent < a->head_length + a->body_length) {
        struct iovec parts[2];
        int count = 0;
        if (c->sent < a->head_length)
            parts[count++] = (struct iovec){(char *)a->head + c->sent, a->head_length - c->sent};
        size_t from = c->sent < a->head_length ? 0 : c->sent - a->head_length;
        parts[count++] = (struct iovec){(char *)a->body + from, a->body_length - from};
        ssize_t written = writev(c->descriptor, parts, count);
        if (written < 0) return errno == EAGAIN ? 0 : -1;
        c->sent += (size_t)written;
    }
    c->answer = NULL;
    c->sent = 0;
    return 1;
}

// Answers every complete request that has arrived; -1 when the connection is done for.
static int answer_received(struct connection *c) {
    for (;;) {
        if (c->answer) {
            int state = write_out(c);
            if (state <= 0) return state;
        }
        char *end = memmem(c->bytes, c->received, "\r\n\r\n", 4);
        if (!end) return c->received == RECEIVE_LIMIT ? -1 : 0;
        if (c->received < 5 || memcmp(c->bytes, "GET ", 4)) return -1;
        char *path = c->bytes + 4, *space = memchr(path, ' ', (size_t)(end - path));
        if (!space) return -1;
        c->answer = find(path, (size_t)(space - path));
        size_t used = (size_t)(end + 4 - c->bytes);
        memmove(c->bytes, c->bytes + used, c->received - used);
        c->received -= used;
    }
}

static int handle(struct connection *c, uint32_t events) {
    if (events & (EPOLLERR | EPOLLHUP)) return -1;
    if (events & EPOLLIN && c->received < RECEIVE_LIMIT) {
        ssize_t got = recv(c->descriptor, c->bytes + c->received, RECEIVE_LIMIT - c->received, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN)) return -1;
        if (got > 0) c->received += (size_t)got;
    }
    return answer_received(c);
}

static void accept_all(int listener, int poll) {
    for (;;) {
        int descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (descriptor < 0) return;
        int yes = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        struct connection *c = calloc(1, sizeof *c);
        if (!c) exit(1);
        c->descriptor = descriptor;
        struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
        epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
    }
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    signal(SIGPIPE, SIG_IGN); // a client that goes in mid-body is an error of writev
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    prepare(atol(argv[1]));
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, size) || listen(listener, 4096)) return 1;
    getsockname(listener, (struct sockaddr *)&address, &size);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    int poll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            struct connection *c = events[i].data.ptr;
            if (!c) {
                accept_all(listener, poll);
            } else if (handle(c, events[i].events) < 0) {
                close(c->descriptor);
                free(c);
            }
        }
    }
}
