// The load generator's loop: sends prepared sound and pictures over SRTP and measures what comes back.
// ICE and DTLS are aiortc's; this takes the sockets and keys over. Built by bench/_load.py with the system's compiler.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>

#define MOST_CONNECTIONS 1024
#define MOST_STREAMS 2048
#define MOST_HEARD 64
#define MOST_CONTROLS 512
#define BATCH 32
#define LONGEST 2048
#define MAGIC 0x5AFEC0DEu
#define FRAME_NS 33333333ll
#define SOUND_NS 20000000ll
#define PACED_NS 2500000ll
#define PAUSED_NS 50000000ll
#define SECOND_NS 1000000000ll

typedef int (*Srtp)(void *, void *, int *);
typedef struct { uint32_t ssrc, base, highest, count; int started, video; uint8_t seen[8192]; } Heard;
typedef struct {
  int fd, streams[4], stream_count, heard_count, last, repair_type;
  struct sockaddr_in to;
  void *tx, *rx;
  uint32_t ssrc;
  uint16_t transport;
  int64_t reports_at;
  Heard *heard[MOST_HEARD];
} Connection;
typedef struct {
  int connection, video, type, extension_length, sent_at, transport_at, active, packet, packets, key_wanted, is_key;
  uint8_t extension[48];
  uint32_t ssrc, timestamp, frame, count, octets;
  uint16_t sequence;
  int64_t begun, next, last;
} Stream;
typedef struct { int connection, length; uint32_t address; uint16_t port; uint8_t data[LONGEST]; } Control;
typedef struct { uint64_t sent, received, repaired, refused, keyframe_requests, nacks, reports, feedback, sent_bytes, latest_ns, delays; } Figures;

static Srtp protect, unprotect, protect_rtcp, unprotect_rtcp;
static Connection *connections[MOST_CONNECTIONS];
static Stream *streams[MOST_STREAMS];
static Control controls[MOST_CONTROLS];
static int connection_count, stream_count, control_count, poll_fd, sample_every = 8, measuring;
static Figures figures;
static uint32_t *delays;
static size_t delay_capacity;
static uint64_t noise = 88172645463325252ull;

static uint64_t draw(void) { noise ^= noise << 13; noise ^= noise >> 7; noise ^= noise << 17; return noise; }
static int64_t now(void) { struct timespec t; clock_gettime(CLOCK_REALTIME, &t); return t.tv_sec * SECOND_NS + t.tv_nsec; }
static void put16(uint8_t *p, uint32_t v) { p[0] = v >> 8; p[1] = v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v); }
static uint32_t get16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static uint32_t get32(const uint8_t *p) { return get16(p) << 16 | get16(p + 2); }

void load_begin(void *a, void *b, void *c, void *d, size_t capacity) {
  protect = a; unprotect = b; protect_rtcp = c; unprotect_rtcp = d;
  delays = malloc(capacity * sizeof *delays); delay_capacity = capacity;
  poll_fd = epoll_create1(0);
}

int load_connection(int fd, const char *address, int port, void *tx, void *rx, uint32_t ssrc, int repair_type) {
  Connection *c = calloc(1, sizeof *c);
  c->fd = fd; c->tx = tx; c->rx = rx; c->ssrc = ssrc; c->repair_type = repair_type;
  c->to.sin_family = AF_INET; c->to.sin_port = htons(port); inet_pton(AF_INET, address, &c->to.sin_addr);
  int on = 1, size = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size)) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  c->reports_at = now() + draw() % SECOND_NS;
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = connection_count};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event);
  connections[connection_count] = c;
  return connection_count++;
}

// `sent_at` and `transport_at` are offsets into the extension block, or negative.
int load_stream(int connection, int video, int type, uint32_t ssrc, const uint8_t *extension, int length, int sent_at, int transport_at) {
  Stream *s = calloc(1, sizeof *s);
  s->connection = connection; s->video = video; s->type = type; s->ssrc = ssrc;
  memcpy(s->extension, extension, length); s->extension_length = length; s->sent_at = sent_at; s->transport_at = transport_at;
  s->sequence = draw() % 30000; s->timestamp = draw(); s->key_wanted = 1; s->packets = 5;
  s->begun = s->next = now() + draw() % FRAME_NS;
  s->active = 1;
  Connection *c = connections[connection];
  c->streams[c->stream_count++] = stream_count;
  streams[stream_count] = s;
  return stream_count++;
}

void load_measure(int on, int every) {
  measuring = on; sample_every = every;
  if (!on) return;
  memset(&figures, 0, sizeof figures);
  for (int i = 0; i < connection_count; i++) for (int k = 0; k < connections[i]->heard_count; k++) connections[i]->heard[k]->started = 0;
}
void load_figures(Figures *out) { *out = figures; }
uint32_t *load_delays(void) { return delays; }
Control *load_controls(int *count) { *count = control_count; control_count = 0; return controls; }

void load_loss(uint64_t *expected, uint64_t *got, uint64_t *heard) {
  *expected = *got = *heard = 0;
  for (int i = 0; i < connection_count; i++) for (int k = 0; k < connections[i]->heard_count; k++) {
    Heard *h = connections[i]->heard[k];
    if (h->started) { *expected += h->highest - h->base + 1; *got += h->count; ++*heard; }
  }
}

static int payload(Stream *s, uint8_t *p) {
  if (!s->video) { memset(p, 0x55, 80); p[0] = 0x78; return 80; }
  int length = 1000, first = s->packet == 0;
  memset(p, 0x55, length);
  p[0] = first ? 0x90 : 0x80; p[1] = 0x80; put16(p + 2, 0x8000 | (s->frame & 0x7fff));
  if (first) { p[4] = s->is_key ? 0x10 : 0x11; p[7] = 0x9d; p[8] = 0x01; p[9] = 0x2a; put16(p + 10, 0x0005); put16(p + 12, 0xd002); }
  return length;
}

static void schedule(Stream *s) {
  if (!s->video) { s->frame++; s->next = s->begun + s->frame * SOUND_NS; return; }
  if (++s->packet < s->packets) {
    int64_t gap = PACED_NS * s->packets > 30000000 ? 30000000 / s->packets : PACED_NS;
    s->next = s->begun + s->frame * FRAME_NS + s->packet * gap;
    return;
  }
  s->packet = 0; s->frame++; s->is_key = s->key_wanted; s->key_wanted = 0; s->packets = s->is_key ? 20 : 5;
  s->next = s->begun + s->frame * FRAME_NS;
}

// We slept, not the server: go on at the stream's own beat, or everybody's pictures would come at the same moment.
static void skip(Stream *s, int64_t t) {
  int64_t period = s->video ? FRAME_NS : SOUND_NS, slept = ((t - s->next) / period + 1) * period;
  s->begun += slept;
  s->next += slept;
}

static void send_media(Stream *s) {
  Connection *c = connections[s->connection];
  uint8_t b[LONGEST];
  uint32_t timestamp = s->timestamp + s->frame * (s->video ? 3000 : 960);
  int last = s->video && s->packet + 1 == s->packets, n = 12;
  int64_t t = now();
  b[0] = s->extension_length ? 0x90 : 0x80; b[1] = last << 7 | s->type;
  put16(b + 2, s->sequence); put32(b + 4, timestamp); put32(b + 8, s->ssrc);
  memcpy(b + n, s->extension, s->extension_length);
  if (s->sent_at >= 0) {
    uint32_t fixed = (uint32_t)(((t / SECOND_NS) & 63) << 18 | ((t % SECOND_NS) << 18) / SECOND_NS);
    b[n + s->sent_at] = fixed >> 16; put16(b + n + s->sent_at + 1, fixed);
  }
  if (s->transport_at >= 0) put16(b + n + s->transport_at, c->transport++);
  n += s->extension_length;
  n += payload(s, b + n);
  put32(b + n - 12, MAGIC); memcpy(b + n - 8, &t, 8);
  if (measuring) {
    figures.sent++; figures.sent_bytes += n;
    if (t > s->next && (uint64_t)(t - s->next) > figures.latest_ns) figures.latest_ns = t - s->next;
  }
  s->octets += n - 12 - s->extension_length; s->count++; s->sequence++; s->last = t;
  if (!protect(c->tx, b, &n)) sendto(c->fd, b, n, 0, (struct sockaddr *)&c->to, sizeof c->to);
  schedule(s);
}

static void send_rtcp(Connection *c, uint8_t *b, int n) {
  if (!protect_rtcp(c->tx, b, &n)) sendto(c->fd, b, n, 0, (struct sockaddr *)&c->to, sizeof c->to);
}

// Sender reports, receiver reports and a generous REMB, once a second, as a browser does.
static void send_reports(Connection *c) {
  uint8_t b[LONGEST];
  for (int k = 0; k < c->stream_count; k++) {
    Stream *s = streams[c->streams[k]];
    if (!s->count) continue;
    memset(b, 0, 44);
    b[0] = 0x80; b[1] = 200; put16(b + 2, 6); put32(b + 4, s->ssrc);
    put32(b + 8, s->last / SECOND_NS + 2208988800ull); put32(b + 12, ((uint64_t)(s->last % SECOND_NS) << 32) / SECOND_NS);
    put32(b + 16, s->timestamp + s->frame * (s->video ? 3000 : 960)); put32(b + 20, s->count); put32(b + 24, s->octets);
    b[28] = 0x81; b[29] = 202; put16(b + 30, 3); put32(b + 32, s->ssrc); b[36] = 1; b[37] = 4; memcpy(b + 38, "load", 4);
    send_rtcp(c, b, 44);
  }
  int videos = 0;
  uint32_t video[MOST_HEARD];
  for (int k = 0; k < c->heard_count; k++) {
    Heard *h = c->heard[k];
    if (!h->started) continue;
    memset(b, 0, 32);
    b[0] = 0x81; b[1] = 201; put16(b + 2, 7); put32(b + 4, c->ssrc); put32(b + 8, h->ssrc); put32(b + 16, h->highest); put32(b + 20, 10);
    send_rtcp(c, b, 32);
    if (h->video) video[videos++] = h->ssrc;
  }
  if (!videos) return;
  uint32_t rate = 2500000u * videos;
  int exponent = 0;
  while (rate > 0x3ffff) { rate >>= 1; exponent++; }
  b[0] = 0x8f; b[1] = 206; put16(b + 2, 4 + videos); put32(b + 4, c->ssrc); put32(b + 8, 0); memcpy(b + 12, "REMB", 4);
  b[16] = videos; b[17] = exponent << 2 | rate >> 16; put16(b + 18, rate);
  for (int k = 0; k < videos; k++) put32(b + 20 + 4 * k, video[k]);
  send_rtcp(c, b, 20 + 4 * videos);
}

static void want_keyframe(Connection *c) {
  figures.keyframe_requests++;
  for (int k = 0; k < c->stream_count; k++) streams[c->streams[k]]->key_wanted = streams[c->streams[k]]->video;
}

static void take_rtcp(Connection *c, uint8_t *b, int n) {
  if (unprotect_rtcp(c->rx, b, &n)) { figures.refused++; return; }
  for (int at = 0; at + 4 <= n; at += 4 * (get16(b + at + 2) + 1)) {
    int type = b[at + 1], format = b[at] & 31;
    if (type == 200 || type == 201) figures.reports++;
    else if (type == 205 && format == 1) figures.nacks++;
    else if (type == 205 && format == 15) figures.feedback++;
    else if (type == 206 && (format == 1 || format == 4)) want_keyframe(c);
  }
}

static Heard *heard(Connection *c, uint32_t ssrc) {
  if (c->last < c->heard_count && c->heard[c->last]->ssrc == ssrc) return c->heard[c->last];
  for (int i = 0; i < c->heard_count; i++) if (c->heard[i]->ssrc == ssrc) { c->last = i; return c->heard[i]; }
  if (c->heard_count == MOST_HEARD) return 0;
  Heard *h = calloc(1, sizeof *h);
  h->ssrc = ssrc;
  return c->heard[c->heard_count++] = h;
}

static void count(Heard *h, uint16_t sequence) {
  if (!h->started) { h->started = 1; h->base = h->highest = 65536 + sequence; h->count = 0; memset(h->seen, 0, sizeof h->seen); }
  int16_t step = sequence - (h->highest & 0xffff);
  uint32_t whole = h->highest + step;
  if (step > 0) {
    for (uint32_t x = h->highest + 1; x <= whole; x++) h->seen[(x & 0xffff) >> 3] &= ~(1 << (x & 7));
    h->highest = whole;
  }
  uint8_t *seen = &h->seen[(whole & 0xffff) >> 3], bit = 1 << (whole & 7);
  if (whole >= h->base && !(*seen & bit)) { *seen |= bit; h->count++; }
}

static void take_rtp(Connection *c, uint8_t *b, int n, int64_t at) {
  if ((b[1] & 0x7f) == c->repair_type) { figures.repaired++; return; }
  Heard *h = heard(c, get32(b + 8));
  if (!h) return;
  if (n > 400) h->video = 1;
  count(h, get16(b + 2));
  figures.received++;
  if (draw() % sample_every) return;
  if (unprotect(c->rx, b, &n)) { figures.refused++; return; }
  int64_t sent;
  memcpy(&sent, b + n - 8, 8);
  if (n > 40 && get32(b + n - 12) == MAGIC && measuring && figures.delays < delay_capacity)
    delays[figures.delays++] = at > sent ? (at - sent) / 1000 : 0;
}

static void take(int index, uint8_t *b, int n, int64_t at, struct sockaddr_in *from) {
  Connection *c = connections[index];
  if (n >= 12 && b[0] > 127 && b[0] < 192) {
    if (b[1] >= 192 && b[1] <= 208) take_rtcp(c, b, n); else take_rtp(c, b, n, at);
  } else if (n > 0 && control_count < MOST_CONTROLS) {
    Control *x = &controls[control_count++];
    x->connection = index; x->length = n; x->address = from->sin_addr.s_addr; x->port = ntohs(from->sin_port);
    memcpy(x->data, b, n);
  }
}

static void drain(int index) {
  static uint8_t buffers[BATCH][LONGEST];
  static char ancillary[BATCH][128];
  struct mmsghdr messages[BATCH] = {0};
  struct iovec parts[BATCH];
  struct sockaddr_in from[BATCH];
  for (int i = 0; i < BATCH; i++) {
    parts[i] = (struct iovec){buffers[i], LONGEST};
    messages[i].msg_hdr = (struct msghdr){&from[i], sizeof from[i], &parts[i], 1, ancillary[i], sizeof ancillary[i], 0};
  }
  int n = recvmmsg(connections[index]->fd, messages, BATCH, MSG_DONTWAIT, 0);
  for (int i = 0; i < n; i++) {
    int64_t at = now();
    for (struct cmsghdr *m = CMSG_FIRSTHDR(&messages[i].msg_hdr); m; m = CMSG_NXTHDR(&messages[i].msg_hdr, m))
      if (m->cmsg_level == SOL_SOCKET && m->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec t;
        memcpy(&t, CMSG_DATA(m), sizeof t);
        at = t.tv_sec * SECOND_NS + t.tv_nsec;
      }
    take(index, buffers[i], messages[i].msg_len, at, &from[i]);
  }
}

void load_run(int64_t duration_ns) {
  int64_t end = now() + duration_ns;
  while (control_count < MOST_CONTROLS - 2 * BATCH) {
    int64_t t = now(), next = end;
    if (t >= end) return;
    for (int i = 0; i < stream_count; i++) {
      if (t - streams[i]->next > PAUSED_NS) skip(streams[i], t);
      if (streams[i]->next <= t) send_media(streams[i]);
      if (streams[i]->next < next) next = streams[i]->next;
    }
    for (int i = 0; i < connection_count; i++) if (connections[i]->reports_at <= t) { send_reports(connections[i]); connections[i]->reports_at += SECOND_NS; }
    int64_t wait = next - now();
    wait = wait < 0 ? 0 : wait > 2000000 ? 2000000 : wait > 0 && wait < 20000 ? 20000 : wait;
    struct timespec patience = {0, wait};
    struct epoll_event events[128];
    int ready = epoll_pwait2(poll_fd, events, 128, &patience, 0);
    for (int i = 0; i < ready; i++) drain(events[i].data.u32);
  }
}
