/// The files of the folder `warehouse`, as they were when this was compiled.
///
/// A file is found by its index; the bytes live as long as the program. Nothing here can fail.
#ifndef CWAREHOUSE_H
#define CWAREHOUSE_H

#include <stddef.h>

/// How many files there are.
int cwarehouse_count(void);

/// The path of file `index` (0 ≤ index < count) below the folder, `/`-separated, ended by a zero byte.
const char *cwarehouse_path(int index);

/// The bytes of file `index`; there are `cwarehouse_size` of them.
const unsigned char *cwarehouse_bytes(int index);

/// Bytes of file `index`.
size_t cwarehouse_size(int index);

#endif
