// What Python and the compiled loop share; read by both. Numbers are in the machine's order, `name` is a sockaddr, `key` how it begins.
enum {
  MOST_RECEIVED = 64, MOST_OUTGOING = 320, MOST_WAITING = 256, MOST_LAYOUTS = 8, MOST_CHECKS = 12, MOST_PATCHES = 12,
  KEPT = 512, ENTRIES = 8192, LONGEST_KEY = 28, LONGEST_PATCH = 18
};

// One connection. Without `receiving` nothing of it is taken, without `sending` nothing is sent to it.
struct lane {
  void *receiving, *sending, *port, *name;
  double heard_at, told_at;
  uint32_t waiting;
  uint16_t numbers[MOST_WAITING];
  double arrived_at[MOST_WAITING];
};

struct check { uint16_t at; uint8_t octet; };
struct patch { uint16_t at; uint8_t length, octets[LONGEST_PATCH]; };

// One viewer's share: what to add to the numbers, which bytes to write, and what was sent since the last settling.
struct copy {
  struct lane *lane;
  uint32_t ssrc, timestamp, packets, octets;
  uint16_t sequence, picture, sent_at;
  uint8_t layer, type, patch_count;
  struct patch patches[MOST_PATCHES];
};

struct layout {
  uint64_t start;
  uint16_t payload_at, transport_at;
  uint8_t type, renumbers, check_count;
  uint32_t copy_count;
  struct check checks[MOST_CHECKS];
  struct copy *copies;
};

struct kept { char *data; uint16_t sequence, length, room; };

// One published stream. Only its `next` packet is taken, and only while it is `armed`.
struct stream {
  struct lane *lane;
  uint32_t ssrc, clock_rate, count, wraps, layout_count;
  uint16_t next;
  uint8_t armed, timed;
  double at, jitter, transit;
  struct layout layouts[MOST_LAYOUTS];
  struct kept kept[KEPT];
};

struct entry { char key[LONGEST_KEY]; uint32_t ssrc; struct stream *stream; };

// One socket. After a batch `left` are the places that Python must look at, `due` those whose lane has news to tell.
struct port {
  void *incoming, *outgoing, *protect, *unprotect;
  int descriptor, key_length;
  uint32_t count, left_count, due_count;
  uint8_t left[MOST_RECEIVED], due[MOST_RECEIVED];
  struct entry entries[ENTRIES];
};

void nonstop_take(struct port *port, int received, double at, uint32_t stamp);
void nonstop_reset(struct port *port);
void nonstop_put(struct port *port, const char *key, uint32_t ssrc, struct stream *stream);
struct kept *nonstop_kept(struct stream *stream, uint16_t sequence);
struct stream *nonstop_open(void);
void nonstop_clear(struct stream *stream);
void nonstop_close(struct stream *stream);
