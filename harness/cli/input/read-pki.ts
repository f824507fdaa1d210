import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { InputError, messageOf } from '../../core/errors.ts'
import { readCertificateShapes } from '../../pki/read-shapes.ts'
import type { CertificateShapes } from '../../topology/spec.ts'

/** Keys, which often only root can read, are not opened. */
const isCertificateName = (name: string) =>
  /\.(pem|crt|cert|cer)$/.test(name) && !/key\.pem$/.test(name)
/** A bundle of authorities is smaller. */
const mostBytes = 2 ** 20

/**
 * What the certificates in a user's directory have; no private key is used. Throws an InputError for a
 * directory that cannot be read or has no certificate.
 */
export function readPki(directory: string): CertificateShapes {
  const files = read(directory, () =>
    readdirSync(directory)
      .filter(isCertificateName)
      .map((name) => join(directory, name)),
  )
    .filter((path) => {
      const file = statSync(path, { throwIfNoEntry: false })
      return file?.isFile() === true && file.size <= mostBytes
    })
    .map((path) => ({ path, text: read(path, () => readFileSync(path, 'utf8')) }))
  const shapes = readCertificateShapes(files)
  if (Object.keys(shapes).length > 0) return shapes
  throw new InputError(
    `Expected \`--pki\` to be a directory with certificates (.pem, .crt), got none in ${directory}`,
    { directory },
  )
}

function read<Content>(path: string, from: () => Content): Content {
  try {
    return from()
  } catch (thrown) {
    throw new InputError(
      `Expected \`--pki\` to be a directory of readable certificates, got ${messageOf(thrown)}`,
      { path },
    )
  }
}
