"""
A TCP proxy that holds bytes back, for connections that iptables REDIRECT leads to it: each goes on
to the address that it was dialled to. Order is kept: jitter never lets a later byte overtake.
Prints its port and goes on in the background; end-programs.sh ends it by its token.
"""

import argparse, collections, json, os, random, selectors, socket, struct, time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('token', help='tells this proxy from others')
parser.add_argument('plan', help='JSON: {"mark": number, "delayS": seconds, "jitterS": seconds, '
                    '"seed": integer, by default 0, '
                    '"peers": {address: {"up": boolean, "down": boolean}}}')
options = parser.parse_args()
try:
    plan = json.loads(options.plan)
    missing = {'mark', 'delayS', 'jitterS', 'peers'} - set(plan)
except (ValueError, TypeError) as error:
    parser.error(f'expected a plan in JSON, got {error}')
if missing:
    parser.error(f'expected a plan with {", ".join(sorted(missing))}')

selector = selectors.DefaultSelector()
LIMIT = 32 * 1024 * 1024

class Pipe:
    def __init__(self, source, target, delayed, link):
        self.source, self.target, self.delayed = source, target, delayed
        self.queue, self.size, self.last = collections.deque(), 0, 0.0
        self.ended = self.closed = False
        # A stream of its own: how much another link carries does not change this one's jitter.
        self.jitter = random.Random(f'{plan.get("seed", 0)} {link}')

    def read(self):
        data = self.source.recv(65536)
        due = time.monotonic()
        if self.delayed:
            due += plan['delayS'] + self.jitter.random() * plan['jitterS']
        self.last = max(self.last, due)
        self.queue.append([self.last, data])
        self.size += len(data)
        self.ended = not data

    def write(self, now):
        while self.queue and self.queue[0][0] <= now:
            data = self.queue[0][1]
            if not data:
                self.target.shutdown(socket.SHUT_WR)
                self.closed = True
                self.queue.popleft()
                return
            sent = self.target.send(data)
            self.size -= sent
            if sent < len(data):
                self.queue[0][1] = data[sent:]
                return
            self.queue.popleft()

class Connection:
    def __init__(self, client):
        option = client.getsockopt(socket.SOL_IP, 80, 16)
        port, address = struct.unpack('!2xH4s8x', option)
        host = socket.inet_ntoa(address)
        peer = plan['peers'].get(host, {'up': False, 'down': False})
        self.client, self.server, self.connected = client, socket.socket(), False
        self.server.setsockopt(socket.SOL_SOCKET, 36, plan['mark'])
        for one in (client, self.server):
            one.setblocking(False)
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.server.connect_ex((host, port))
        self.up = Pipe(client, self.server, peer['up'], f'{host} up')
        self.down = Pipe(self.server, client, peer['down'], f'{host} down')

    def close(self):
        for one in (self.client, self.server):
            try:
                selector.unregister(one)
            except (KeyError, ValueError):
                pass
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            one.close()
        connections.discard(self)

    def watch(self, now):
        for one, reads, writes in ((self.client, self.up, self.down), (self.server, self.down, self.up)):
            wanted = 0
            if not reads.ended and reads.size < LIMIT:
                wanted |= selectors.EVENT_READ
            if writes.queue and writes.queue[0][0] <= now:
                wanted |= selectors.EVENT_WRITE
            if one is self.server and not self.connected:
                wanted = selectors.EVENT_WRITE
            registered = one in selector.get_map()
            if wanted and not registered:
                selector.register(one, wanted, self)
            elif wanted and selector.get_key(one).events != wanted:
                selector.modify(one, wanted, self)
            elif not wanted and registered:
                selector.unregister(one)

    def act(self, one, events, now):
        try:
            if one is self.server and not self.connected:
                error = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if error:
                    raise OSError(error, 'connect')
                self.connected = True
                return
            reads, writes = (self.up, self.down) if one is self.client else (self.down, self.up)
            if events & selectors.EVENT_READ:
                reads.read()
            if events & selectors.EVENT_WRITE:
                writes.write(now)
            if self.up.closed and self.down.closed:
                self.close()
        except BlockingIOError:
            pass
        except OSError:
            self.close()

connections = set()
listener = socket.create_server(('0.0.0.0', 0), backlog=64)
listener.setblocking(False)
selector.register(listener, selectors.EVENT_READ, None)
print(listener.getsockname()[1], flush=True)
if os.fork():
    os._exit(0)
os.setsid()
null = os.open(os.devnull, os.O_RDWR)
for descriptor in (0, 1, 2):
    os.dup2(null, descriptor)
selector.close()
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ, None)

while True:
    now = time.monotonic()
    due = [pipe.queue[0][0] for one in connections for pipe in (one.up, one.down) if pipe.queue]
    later = [at for at in due if at > now]
    timeout = max(0.0, min(later) - now) if later else None
    for key, events in selector.select(timeout):
        if key.data is None:
            try:
                connections.add(Connection(listener.accept()[0]))
            except OSError:
                pass
        elif key.data in connections:
            key.data.act(key.fileobj, events, time.monotonic())
    now = time.monotonic()
    for one in list(connections):
        one.watch(now)
