"""
Receives datagrams on a port and keeps their number in a file. Goes on in the background; returns
when the port is open.
"""

import argparse, os, socket

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('port', type=int)
parser.add_argument('file')
options = parser.parse_args()

receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(('0.0.0.0', options.port))
count = os.open(options.file, os.O_RDWR | os.O_CREAT)
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
