import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { dayMs } from '../../core/durations.ts'
import {
  answersOf,
  type Check,
  eachAnswer,
  type Finding,
  listedMembers,
  memberName,
  nameOf,
  skipped,
} from './check.ts'
import type { CertificateView, ClusterView } from './cluster-view.ts'

/** Peers may trust another CA than clients: what the given one does not vouch for is not judged. */
export const certificateChain: Check = {
  name: 'certificate-chain',
  holds: "The given CA vouches for every endpoint's certificate",
  codes: ['chain-untrusted'],
  run: (view) =>
    eachAnswer(
      view,
      ({ certificate }) => certificate,
      ({ value: { untrusted }, subject }) =>
        // `certificate-days` reports one that has ended.
        untrusted === undefined || untrusted === 'CERT_HAS_EXPIRED'
          ? []
          : [
              {
                code: 'chain-untrusted',
                subject,
                expected: 'a certificate that the given CA vouches for',
                found: untrusted,
              },
            ],
    ),
}

export const certificateNames: Check = {
  name: 'certificate-names',
  holds: 'Every certificate is good for the hosts that its member advertises and is reached by',
  codes: ['name-missing'],
  run: (view) => {
    const shown = shownCertificates(view)
    if (shown.length === 0) return skipped(['no certificate was shown'])
    const findings = shown.flatMap(({ subject, hosts, certificate }) => {
      const leaf = leafOf(certificate)
      return [...new Set(hosts)]
        .filter((host) => leaf !== undefined && !isGoodFor(leaf, host))
        .map((host) => ({
          code: 'name-missing',
          subject,
          expected: `a certificate for ${host}`,
          found: `one for ${leaf?.subjectAltName ?? 'no name'}`,
        }))
    })
    return { findings, seen: `${shown.length} certificates`, notChecked: [] }
  },
}

export const certificateDays: Check = {
  name: 'certificate-days',
  holds: 'Every certificate is valid, and for enough days to come (`--min-days`)',
  codes: ['certificate-expired', 'certificate-near-end', 'certificate-not-yet-valid'],
  run: (view, { minDays }) => {
    const all = everyCertificate(view)
    if (all.length === 0) return skipped(['no certificate was shown'])
    const findings = all.flatMap(({ subject, certificate }): readonly Finding[] => {
      const startsMs = Date.parse(certificate.validFrom)
      const days = daysLeft(certificate, view.takenAtMs)
      const found = `${certificate.subject.replaceAll('\n', ', ')}: until ${certificate.validTo}`
      const expected = `a certificate of ${minDays} more days`
      if (startsMs > view.takenAtMs) {
        const from = `${certificate.subject.replaceAll('\n', ', ')}: from ${certificate.validFrom}`
        return [
          { code: 'certificate-not-yet-valid', subject, expected: 'a valid one', found: from },
        ]
      }
      if (days < 0) return [{ code: 'certificate-expired', subject, expected, found }]
      if (days < minDays) return [{ code: 'certificate-near-end', subject, expected, found }]
      return []
    })
    const least = Math.min(...all.map(({ certificate }) => daysLeft(certificate, view.takenAtMs)))
    return { findings, seen: `${Math.floor(least)} days left at least`, notChecked: [] }
  },
}

/** Negative once it has ended. */
export function daysLeft({ validTo }: X509Certificate, nowMs: number): number {
  return (Date.parse(validTo) - nowMs) / dayMs
}

interface Shown {
  readonly subject: string
  /** Those by which others reach the server that showed it. */
  readonly hosts: readonly string[]
  readonly certificate: CertificateView
}

function shownCertificates(view: ClusterView): readonly Shown[] {
  const ofEndpoints = answersOf(view, ({ certificate }) => certificate).answered
  const ofPeers = view.peers.flatMap(({ memberId, url, certificate }) =>
    certificate.kind === 'answered'
      ? [
          {
            subject: `${memberName(view, memberId)} (peer)`,
            hosts: [hostOf(url)],
            certificate: certificate.value,
          },
        ]
      : [],
  )
  return [
    ...ofEndpoints.map(({ endpoint, value }) => ({
      subject: nameOf(view, endpoint),
      hosts: [endpoint.url, ...advertisedBy(view, endpoint)].map(hostOf),
      certificate: value,
    })),
    ...ofPeers,
  ]
}

function advertisedBy(view: ClusterView, { status }: ClusterView['endpoints'][number]) {
  if (status.kind !== 'answered') return []
  const row = listedMembers(view)?.find(({ id }) => id === status.value.memberId)
  return (row?.clientUrls ?? []).filter((url) => url.startsWith('https:'))
}

/** Each certificate once, with where it was seen first; a CA is in many chains. */
function everyCertificate(view: ClusterView) {
  const rows = shownCertificates(view).flatMap(({ subject, certificate }) =>
    certificate.chainPem.map((pem) => ({ subject, certificate: new X509Certificate(pem) })),
  )
  const own = view.clientCertPem === undefined ? [] : [new X509Certificate(view.clientCertPem)]
  const all = [...rows, ...own.map((certificate) => ({ subject: 'client', certificate }))]
  return [...new Map(all.reverse().map((row) => [row.certificate.fingerprint256, row])).values()]
}

function leafOf({ chainPem: [leaf] }: CertificateView): X509Certificate | undefined {
  return leaf === undefined ? undefined : new X509Certificate(leaf)
}

/** As Go does, which etcd is written in: a common name is no host. */
function isGoodFor(leaf: X509Certificate, host: string): boolean {
  if (isIP(host) !== 0) return leaf.checkIP(host) !== undefined
  return leaf.checkHost(host, { subject: 'never' }) !== undefined
}

function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')
}
