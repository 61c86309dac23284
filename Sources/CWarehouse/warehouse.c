#include "CWarehouse.h"

#include "files.h"

// Every array of files.h ends with one more byte, so that none is empty.
int cwarehouse_count(void) { return (int)(sizeof files / sizeof *files); }

const char *cwarehouse_path(int index) { return files[index].path; }

const unsigned char *cwarehouse_bytes(int index) { return files[index].bytes; }

size_t cwarehouse_size(int index) { return files[index].size - 1; }
