"""Sends small datagrams to a port, one a millisecond."""

import argparse, socket, time

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument('address')
parser.add_argument('port', type=int)
parser.add_argument('count', type=int)
options = parser.parse_args()

sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(options.count):
    sender.sendto(b'x', (options.address, options.port))
    time.sleep(0.001)
time.sleep(0.1)
