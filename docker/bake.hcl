# One target a version, both platforms. The contexts hold rootfs-amd64.tar and rootfs-arm64.tar;
# `gauntlet images` makes them, chooses one platform and sets the tag. The versions are those of
# catalogue.json (a test compares them).

variable "ROOTFS" {
  # The folder of the root file systems, one folder a target below it.
  default = ".gauntlet/rootfs"
}

variable "INPUTS" {
  default = ""
}

variable "PACKAGE_VERSION" {
  default = ""
}

variable "ETCD_VERSION" {
  # The version found in the suite, where it moves.
  default = ""
}

group "default" {
  targets = ["etcd-3-5-16", "toolbox"]
}

group "all" {
  targets = ["etcd-3-3-25", "etcd-3-4-23", "etcd-3-5-16", "etcd-3-5-30", "toolbox"]
}

target "common" {
  platforms = ["linux/amd64", "linux/arm64"]
  args = {
    INPUTS = INPUTS
  }
}

target "etcd" {
  inherits   = ["common"]
  dockerfile = "etcd.Dockerfile"
  args = {
    PACKAGE_VERSION = PACKAGE_VERSION
  }
}

target "etcd-3-3-25" {
  inherits = ["etcd"]
  context  = "${ROOTFS}/etcd-3-3-25"
  args     = { ETCD_VERSION = "3.3.25", SUITE = "bullseye" }
}

target "etcd-3-4-23" {
  inherits = ["etcd"]
  context  = "${ROOTFS}/etcd-3-4-23"
  args     = { ETCD_VERSION = "3.4.23", SUITE = "bookworm" }
}

target "etcd-3-5-16" {
  inherits = ["etcd"]
  context  = "${ROOTFS}/etcd-3-5-16"
  args     = { ETCD_VERSION = "3.5.16", SUITE = "trixie" }
}

target "etcd-3-5-30" {
  inherits = ["etcd"]
  context  = "${ROOTFS}/etcd-3-5-30"
  args     = { ETCD_VERSION = notequal("", ETCD_VERSION) ? ETCD_VERSION : "3.5.30", SUITE = "sid" }
}

target "toolbox" {
  inherits   = ["common"]
  dockerfile = "toolbox.Dockerfile"
  context    = "${ROOTFS}/toolbox"
  args       = { SUITE = "trixie" }
}
