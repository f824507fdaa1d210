import type { Belonging } from '../../engine/cleanup/labels.ts'
import type { Engine } from '../../engine/connect.ts'
import { copyVolume } from '../../engine/container/copy-volume.ts'
import { createVolume, type EngineVolume, volumeNamed } from '../../engine/container/volume.ts'

/** A data volume a member, by the member's name. Disposing it removes them all. */
export interface DataVolumes extends AsyncDisposable {
  /** Creates it when there is none. */
  of(member: string): Promise<EngineVolume>
  drop(member: string): Promise<void>
  /** Replaces it by a copy of it as `to` describes, and removes the former. */
  move(member: string, to: MoveOptions): Promise<void>
}

interface MoveOptions {
  readonly toolboxImage: string
  /** In memory, of that size; undefined: on the disk. */
  readonly sizeBytes: number | undefined
}

/** `slug` begins the volumes' names; `present` are the names of those there are. Creates nothing yet. */
export function createDataVolumes(
  engine: Engine,
  slug: string,
  belonging: Belonging,
  present: ReadonlyMap<string, string> = new Map(),
): DataVolumes {
  const volumes = new Map(
    [...present].map(([member, name]) => [member, Promise.resolve(volumeNamed(engine, name))]),
  )
  const optionsOf = (member: string) => ({ ...belonging, name: `${slug}-${member}` })
  const of = (member: string): Promise<EngineVolume> => {
    const known = volumes.get(member)
    if (known !== undefined) return known
    const volume = createVolume(engine, optionsOf(member))
    volume.catch(() => {})
    volumes.set(member, volume)
    return volume
  }
  return {
    of,
    drop: async (member) => {
      const volume = await volumes.get(member)
      volumes.delete(member)
      await volume?.[Symbol.asyncDispose]()
    },
    move: async (member, { toolboxImage, sizeBytes }) => {
      const former = await of(member)
      const moved = await copyVolume(engine, former, {
        ...optionsOf(member),
        toolboxImage,
        ...(sizeBytes !== undefined && { sizeBytes }),
      })
      volumes.set(member, Promise.resolve(moved))
      await former[Symbol.asyncDispose]()
    },
    [Symbol.asyncDispose]: async () => {
      const created = await Promise.allSettled(volumes.values())
      const present = created.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      await Promise.all(present.map((volume) => volume[Symbol.asyncDispose]()))
    },
  }
}
