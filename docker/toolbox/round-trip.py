"""
Connects to a TCP port, sends a request and waits for the first bytes of an answer, any answer.
Prints the median of some exchanges in milliseconds, or the name of the error.
"""

import argparse, socket, time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('address')
parser.add_argument('port', type=int)
parser.add_argument('--count', type=int, default=7)
parser.add_argument('--timeout-s', type=float, default=5)
options = parser.parse_args()


def exchange():
    started = time.monotonic()
    peer = socket.create_connection((options.address, options.port), options.timeout_s)
    peer.sendall(b'GET / HTTP/1.0\r\n\r\n')
    peer.recv(64)
    return (time.monotonic() - started) * 1000


try:
    print(sorted(exchange() for _ in range(options.count))[options.count // 2])
except OSError as error:
    print(type(error).__name__)
