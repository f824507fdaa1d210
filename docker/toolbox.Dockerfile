# What a sidecar needs in a member's network namespace and on its data: iptables, tc, ss, a DNS
# server, socat, Python, BusyBox, and our programs. The context holds rootfs-<architecture>.tar, made
# by mmdebstrap with toolbox-rootfs.sh, and the programs of docker/toolbox/.
FROM scratch
ARG TARGETARCH
ARG SUITE
ARG INPUTS
ADD rootfs-${TARGETARCH}.tar /
COPY toolbox/ /usr/lib/gauntlet/
ENV PATH=/usr/sbin:/usr/bin
CMD ["sleep", "infinity"]
LABEL org.opencontainers.image.title="gauntlet-toolbox" \
  org.opencontainers.image.version="${SUITE}" \
  org.opencontainers.image.source="debian:${SUITE}" \
  org.opencontainers.image.architecture="${TARGETARCH}" \
  io.gauntlet.inputs="${INPUTS}"
