"""Accepts one TCP connection, receives so many bytes and prints in how many milliseconds."""

import argparse, socket, sys, time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('port', type=int)
parser.add_argument('bytes', type=int)
parser.add_argument('--timeout-s', type=float, default=20)
options = parser.parse_args()

listener = socket.create_server(('0.0.0.0', options.port))
listener.settimeout(options.timeout_s)
try:
    sender, _ = listener.accept()
    sender.settimeout(options.timeout_s)
    started, received = time.monotonic(), 0
    while received < options.bytes:
        received += len(sender.recv(65536)) or sys.exit(f'expected more than {received} bytes')
except TimeoutError:
    sys.exit(f'expected {options.bytes} bytes within {options.timeout_s} s')
print((time.monotonic() - started) * 1000)
