// The short way of packets without a stop in Python: what video/media/express.py does, for a whole batch at once.
// Whatever is not exactly as expected is left untouched, still encrypted, for Python. Built by video/media/nonstop.py.
#define _GNU_SOURCE
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include "nonstop.h"

#define TELL_EVERY_S 0.1
#define LONGEST_CARRIED 1800
#define EXTENDED 0x90 // version 2, one extension, neither padding nor contributing sources
#define SHORTEST_PAYLOAD 32 // encrypted: what the tag leaves holds any VP8 payload descriptor (RFC 7741 section 4.2)

typedef int (*Srtp)(void *, void *, int *);

static uint32_t get16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static uint32_t get32(const uint8_t *p) { return get16(p) << 16 | get16(p + 2); }
static void put16(uint8_t *p, uint32_t v) { p[0] = v >> 8; p[1] = v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v); }

static struct entry *entry_for(struct port *port, const char *key, uint32_t ssrc) {
  uint32_t at = ssrc * 2654435761u;
  for (int i = 0; i < port->key_length; i++) at = (at ^ (uint8_t)key[i]) * 16777619u;
  for (at >>= 8;; at++) {
    struct entry *entry = &port->entries[at % ENTRIES];
    if (!entry->stream || (entry->ssrc == ssrc && !memcmp(entry->key, key, port->key_length))) return entry;
  }
}

void nonstop_reset(struct port *port) { memset(port->entries, 0, sizeof port->entries); }

// The caller sees to it that a good part of the entries stays free: the search ends at one.
void nonstop_put(struct port *port, const char *key, uint32_t ssrc, struct stream *stream) {
  struct entry *entry = entry_for(port, key, ssrc);
  memcpy(entry->key, key, port->key_length);
  entry->ssrc = ssrc;
  entry->stream = stream;
}

struct stream *nonstop_open(void) { return calloc(1, sizeof(struct stream)); }

void nonstop_clear(struct stream *stream) {
  for (int i = 0; i < KEPT; i++) stream->kept[i].length = 0;
}

void nonstop_close(struct stream *stream) {
  for (int i = 0; i < KEPT; i++) free(stream->kept[i].data);
  free(stream);
}

struct kept *nonstop_kept(struct stream *stream, uint16_t sequence) { return &stream->kept[sequence % KEPT]; }

static void keep(struct stream *stream, const uint8_t *packet, int length) {
  uint16_t sequence = get16(packet + 2);
  struct kept *kept = nonstop_kept(stream, sequence);
  kept->length = 0;
  if (kept->room < length) {
    char *data = realloc(kept->data, length);
    if (!data) return;
    kept->data = data;
    kept->room = length;
  }
  memcpy(kept->data, packet, length);
  kept->sequence = sequence;
  kept->length = length;
}

// Counts the packet that was to come next; of these, every eighth tells the jitter (RFC 3550 appendix A.8).
static void account(struct stream *stream, const uint8_t *packet, double at) {
  uint16_t sequence = get16(packet + 2);
  stream->count++;
  stream->next = sequence + 1;
  stream->at = stream->lane->heard_at = at;
  if (!sequence) stream->wraps++;
  if (sequence & 7) return;
  double transit = at * stream->clock_rate - get32(packet + 4), change = fabs(transit - stream->transit);
  if (stream->timed && change < 10.0 * stream->clock_rate) stream->jitter += (change - stream->jitter) / 16;
  stream->transit = transit;
  stream->timed = 1;
}

static void flush(struct port *port) {
  struct mmsghdr *messages = port->outgoing;
  for (uint32_t sent = 0; sent < port->count;) {
    int taken = sendmmsg(port->descriptor, messages + sent, port->count - sent, MSG_DONTWAIT);
    if (taken <= 0) break;
    sent += taken;
  }
  port->count = 0;
}

static void renumber(uint8_t *payload, const struct copy *copy) {
  int at = 2;
  if (!(payload[0] & 0x80)) return;
  if (payload[1] & 0x80) {
    if (payload[2] & 0x80) put16(payload + 2, 0x8000 | ((get16(payload + 2) + copy->picture) & 0x7fff));
    else payload[2] = (payload[2] + copy->picture) & 0x7f;
    at += payload[2] & 0x80 ? 2 : 1;
  }
  if (payload[1] & 0x40) payload[at] += copy->layer;
}

static void send_copy(struct port *port, struct layout *layout, struct copy *copy, const uint8_t *packet, int length, uint32_t stamp) {
  if (!copy->lane->sending) return;
  if (port->count == MOST_OUTGOING) flush(port);
  struct mmsghdr *message = (struct mmsghdr *)port->outgoing + port->count;
  uint8_t *out = message->msg_hdr.msg_iov->iov_base;
  memcpy(out, packet, length);
  out[1] = (packet[1] & 0x80) | copy->type;
  put16(out + 2, get16(packet + 2) + copy->sequence);
  put32(out + 4, get32(packet + 4) + copy->timestamp);
  put32(out + 8, copy->ssrc);
  for (int i = 0; i < copy->patch_count; i++) memcpy(out + copy->patches[i].at, copy->patches[i].octets, copy->patches[i].length);
  if (copy->sent_at) { out[copy->sent_at] = stamp >> 16; put16(out + copy->sent_at + 1, stamp); }
  if (layout->renumbers) renumber(out + layout->payload_at, copy);
  int sealed = length;
  if (((Srtp)port->protect)(copy->lane->sending, out, &sealed)) return;
  message->msg_hdr.msg_iov->iov_len = sealed;
  message->msg_hdr.msg_name = copy->lane->name;
  port->count++;
  copy->packets++;
  copy->octets += length - layout->payload_at;
}

// The layout that the packet has, if it may go this way to everybody it is for.
static struct layout *fitting(struct port *port, struct stream *stream, const uint8_t *packet, int length) {
  struct layout *layout = stream->layouts, *end = layout + stream->layout_count;
  struct lane *lane = stream->lane;
  uint64_t start = (uint64_t)get32(packet + 12) << 8 | packet[16];
  if (!stream->armed || stream->ssrc != get32(packet + 8) || stream->next != get16(packet + 2)) return 0;
  if (!lane->receiving || lane->waiting == MOST_WAITING) return 0;
  while (layout < end && layout->start != start) layout++;
  if (layout == end || layout->type != (packet[1] & 0x7f) || length < layout->payload_at + SHORTEST_PAYLOAD) return 0;
  for (int i = 0; i < layout->check_count; i++) if (packet[layout->checks[i].at] != layout->checks[i].octet) return 0;
  for (uint32_t i = 0; i < layout->copy_count; i++) if (layout->copies[i].lane->port != port) return 0;
  return layout;
}

static struct lane *carry(struct port *port, const char *key, uint8_t *packet, int length, double at, uint32_t stamp) {
  if (length < 17 || length > LONGEST_CARRIED || packet[0] != EXTENDED || (packet[1] >= 192 && packet[1] <= 208)) return 0;
  struct stream *stream = entry_for(port, key, get32(packet + 8))->stream;
  struct layout *layout = stream ? fitting(port, stream, packet, length) : 0;
  if (!layout) return 0;
  struct lane *lane = stream->lane;
  if (((Srtp)port->unprotect)(lane->receiving, packet, &length)) return lane; // forged, or sent twice
  account(stream, packet, at);
  keep(stream, packet, length);
  if (layout->transport_at) {
    lane->numbers[lane->waiting] = get16(packet + layout->transport_at);
    lane->arrived_at[lane->waiting++] = at;
  }
  for (uint32_t i = 0; i < layout->copy_count; i++) send_copy(port, layout, &layout->copies[i], packet, length, stamp);
  return lane;
}

// `at` is monotonic in seconds, `stamp` the moment of sending (abs-send-time: 6.18 fixed point).
void nonstop_take(struct port *port, int received, double at, uint32_t stamp) {
  struct mmsghdr *messages = port->incoming;
  port->left_count = port->due_count = 0;
  for (int i = 0; i < received; i++) {
    struct msghdr *header = &messages[i].msg_hdr;
    struct lane *lane = carry(port, header->msg_name, header->msg_iov->iov_base, messages[i].msg_len, at, stamp);
    if (!lane) port->left[port->left_count++] = i;
    else if (at - lane->told_at >= TELL_EVERY_S) { lane->told_at = at; port->due[port->due_count++] = i; }
  }
}
