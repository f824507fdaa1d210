"""Sends so many bytes to a TCP port, as soon as it is open, and waits until they were received."""

import argparse, socket, sys, time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('address')
parser.add_argument('port', type=int)
parser.add_argument('bytes', type=int)
parser.add_argument('--timeout-s', type=float, default=60)
options = parser.parse_args()

deadline = time.monotonic() + options.timeout_s
while True:
    try:
        receiver = socket.create_connection((options.address, options.port), 1)
        break
    except OSError as error:
        if time.monotonic() > deadline:
            sys.exit(f'expected {options.address}:{options.port} to be open, got {error}')
        time.sleep(0.02)
receiver.settimeout(options.timeout_s)
receiver.sendall(bytes(options.bytes))
receiver.recv(1)
