# etcd from Debian's packages: no base image, no shell. The context holds rootfs-<architecture>.tar,
# made by mmdebstrap with etcd-rootfs.sh.
FROM scratch
ARG TARGETARCH
ARG ETCD_VERSION
ARG PACKAGE_VERSION
ARG SUITE
ARG INPUTS
ADD rootfs-${TARGETARCH}.tar /
ENV PATH=/usr/bin
# As in the official images: a command and no entry point, so that both are run the same way.
CMD ["etcd"]
EXPOSE 2379 2380
LABEL org.opencontainers.image.title="etcd" \
  org.opencontainers.image.version="${ETCD_VERSION}" \
  org.opencontainers.image.source="debian:${SUITE}/etcd=${PACKAGE_VERSION}" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.architecture="${TARGETARCH}" \
  io.gauntlet.inputs="${INPUTS}"
