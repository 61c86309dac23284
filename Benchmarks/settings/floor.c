// The floor of the settings benchmark: flat tables of rules and a gather copy, nothing else. floor TABLE ANSWERS
//
// TABLE, little-endian 32-bit numbers: settings; for each its rules (count, then condition and piece of each), then its
// pieces (count, then length and bytes of each; piece 0 is the default). Conditions are answered by a random bit each,
// anew for every answer, so what is measured is walking the tables and copying. Prints one line of JSON.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CONDITIONS = 4096, ALWAYS = 0xFFFFFFFF };

typedef struct { uint32_t condition, piece; } Rule;
typedef struct { const char *bytes; uint32_t length; } Piece;
typedef struct { uint32_t first_rule, rules, first_piece; } Setting;

static const char *at, *end;

static uint32_t number(void) {
  uint32_t value;
  if (end - at < 4) exit(2);
  memcpy(&value, at, 4);
  at += 4;
  return value;
}

static double cpu_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
  if (count != 3) return fprintf(stderr, "usage: floor TABLE ANSWERS\n"), 2;
  FILE *file = fopen(arguments[1], "rb");
  if (!file) return perror(arguments[1]), 1;
  fseek(file, 0, SEEK_END);
  size_t size = ftell(file);
  rewind(file);
  char *table = malloc(size);
  if (fread(table, 1, size, file) != size) return perror(arguments[1]), 1;
  fclose(file);
  at = table;
  end = table + size;

  uint32_t settings = number(), rule_count = 0, piece_count = 0;
  Setting *setting = calloc(settings, sizeof *setting);
  Rule *rules = calloc(size / 8 + 1, sizeof *rules);
  Piece *pieces = calloc(size / 4 + 1, sizeof *pieces);
  size_t bound = 2;
  for (uint32_t index = 0; index < settings; index++) {
    setting[index] = (Setting){rule_count, number(), piece_count};
    for (uint32_t rule = 0; rule < setting[index].rules; rule++) {
      uint32_t condition = number();
      rules[rule_count++] = (Rule){condition, number()};
    }
    uint32_t longest = 0;
    for (uint32_t piece = number(); piece; piece--) {
      uint32_t length = number();
      pieces[piece_count++] = (Piece){at, length};
      at += length;
      if (at > end) return 2;
      if (length > longest) longest = length;
    }
    bound += longest + 1;
  }

  int answers = atoi(arguments[2]);
  char *answer = malloc(bound);
  static uint8_t holds[CONDITIONS];
  uint64_t random = 0x9E3779B97F4A7C15, bytes = 0;
  double start = 0;
  for (int round = -answers / 10; round < answers; round++) {
    if (round == 0) start = cpu_ms(), bytes = 0;
    for (int condition = 0; condition < CONDITIONS; condition++) {
      random ^= random << 13, random ^= random >> 7, random ^= random << 17;
      holds[condition] = random % 5 == 0;
    }
    char *to = answer;
    *to++ = '{';
    for (uint32_t index = 0; index < settings; index++) {
      const Rule *rule = rules + setting[index].first_rule, *last = rule + setting[index].rules;
      uint32_t chosen = 0;
      for (; rule < last; rule++) {
        if (rule->condition == ALWAYS || holds[rule->condition % CONDITIONS]) {
          chosen = rule->piece;
          break;
        }
      }
      const Piece *piece = pieces + setting[index].first_piece + chosen;
      memcpy(to, piece->bytes, piece->length);
      to += piece->length;
      *to++ = ',';
    }
    to[-1] = '}';
    bytes += to - answer;
  }
  double spent = cpu_ms() - start;
  printf("{\"cpu_ms\": %.4f, \"bytes\": %.0f}\n", spent / answers, (double)bytes / answers);
  return 0;
}
