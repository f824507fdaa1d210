import type { Cluster, Member } from '../../index.ts'

/** Measures between members' network namespaces, beside etcd: packets, round trips, rates. */

const port = 9_990

/** Goes on by itself in the namespace; keeps count of the datagrams in a file of the sidecar's. */
const counter = `
import os, socket
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(('0.0.0.0', ${port}))
count = os.open('/tmp/count', os.O_RDWR | os.O_CREAT)
os.pwrite(count, b'0', 0)
if os.fork():
    os._exit(0)
os.setsid()
null = os.open(os.devnull, os.O_RDWR)
for descriptor in (0, 1, 2):
    os.dup2(null, descriptor)
received = 0
while True:
    receiver.recv(64)
    received += 1
    os.pwrite(count, str(received).encode(), 0)
`

const sender = `
import socket, sys, time
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(int(sys.argv[2])):
    one.sendto(b'x', (sys.argv[1], ${port}))
    time.sleep(0.001)
time.sleep(0.1)
`

const exchange = `
import socket, sys, time
def exchange():
    started = time.monotonic()
    peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
    peer.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')
    peer.settimeout(5)
    peer.recv(64)
    return (time.monotonic() - started) * 1000
try:
    print(sorted(exchange() for _ in range(7))[3])
except OSError as error:
    print(type(error).__name__)
`

async function python(member: Member, program: string, ...args: readonly string[]) {
  const ran = await member.inNetwork(['python3', '-c', program, ...args])
  if (ran.exitCode !== 0) throw new Error(`Expected a measurement, got: ${ran.stderr}`)
  return ran.stdout.trim()
}

/** How many of so many datagrams that one member's namespace sends arrive in another's. */
export async function arriving(from: Member, to: Member, sent = 20): Promise<number> {
  const countOf = async () => (await to.inNetwork(['cat', '/tmp/count'])).stdout.trim()
  if ((await countOf()) === '') await python(to, counter)
  const before = Number(await countOf())
  await python(from, sender, to.address, String(sent))
  const counted = async () => Number(await countOf()) - before
  return untilAllOrQuiet(counted, sent)
}

const quietMs = 500

/** On a busy machine who counts comes to it late: none is missing before the count stands still. */
async function untilAllOrQuiet(counted: () => Promise<number>, all: number): Promise<number> {
  let [count, sinceMs] = [await counted(), performance.now()]
  while (count < all && performance.now() - sinceMs < quietMs) {
    const now = await counted()
    if (now !== count) [count, sinceMs] = [now, performance.now()]
  }
  return count
}

/** A first exchange with a peer's port, in milliseconds (the median of some), or the name of the error. */
export async function roundTrip(cluster: Cluster, from: Member, to: Member) {
  const said = await python(from, exchange, to.address, String(cluster.spec.ports.peer))
  return Number.isNaN(Number(said)) ? said : Number(said)
}

const receiver = `
import socket, sys, time
listener = socket.create_server(('0.0.0.0', 9991))
listener.settimeout(20)
one, _ = listener.accept()
started, received = time.monotonic(), 0
while received < int(sys.argv[1]):
    received += len(one.recv(65536)) or sys.exit('ended early')
print((time.monotonic() - started) * 1000)
`

const bulkSender = `
import socket, sys, time
for _ in range(200):
    try:
        one = socket.create_connection((sys.argv[1], 9991), 1)
        break
    except OSError:
        time.sleep(0.02)
one.settimeout(60)
one.sendall(bytes(int(sys.argv[2])))
one.recv(1)
`

/** How long so many bytes take to arrive in another member's namespace. */
export async function transferMs(from: Member, to: Member, bytes: number): Promise<number> {
  const [tookMs] = await Promise.all([
    python(to, receiver, String(bytes)),
    python(from, bulkSender, to.address, String(bytes)),
  ])
  return Number(tookMs)
}

/** Ends of the peer connections that a member has with another, as `address:port`. */
export async function connections(from: Member, to: Member): Promise<string[]> {
  const { stdout } = await from.inNetwork(['ss', '-tnH', 'state', 'established', 'dst', to.address])
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/\s+/).slice(2, 4).join(' '))
}

/** Everything that a fault may have left in a member's namespace: rules, queues, processes. */
export async function traces(member: Member): Promise<string> {
  const script =
    'iptables-save | grep GAUNTLET[-]; tc qdisc show dev eth0 | grep -E "htb|netem|tbf"; ' +
    'grep -l GAUNTLET[-] /proc/[0-9]*/cmdline 2>/dev/null; true'
  return (await member.inNetwork(['sh', '-c', script])).stdout.trim()
}
