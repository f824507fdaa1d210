"""
Records damage to a member's data: the digests before and after are in `gauntlet-damage.json`
beside the data directory, where the proof of a fault reads them.
"""

import hashlib, json, os, random


def record(data_directory, path, damage):
    """Runs `damage` on a file or directory below the data directory and prints what it returns."""
    before = digest(path)
    text = damage()
    entry = {
        'id': '%032x' % random.getrandbits(128),
        'path': os.path.relpath(path, os.path.dirname(data_directory)),
        'before': before,
        'after': digest(path),
    }
    with open(os.path.join(os.path.dirname(data_directory), 'gauntlet-damage.json'), 'w') as file:
        json.dump(entry, file)
    print(text)


def digest(path):
    """SHA-256 of a file, or of a directory's names and files; 'missing' when there is none."""
    if not os.path.exists(path):
        return 'missing'
    hashed = hashlib.sha256()
    for file in sorted(files_of(path)):
        hashed.update(os.path.relpath(file, path).encode() + b'\0')
        with open(file, 'rb') as opened:
            while block := opened.read(1 << 20):
                hashed.update(block)
    return hashed.hexdigest()


def files_of(path):
    if not os.path.isdir(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
