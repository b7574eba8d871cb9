//! SHA-256 of bytes, as the hexadecimal text that passports and parts carry.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

/// The digest of some bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    in_text(&Sha256::digest(bytes))
}

fn in_text(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    })
}

/// A writer that takes the digest of what goes through it.
pub struct Digesting<W> {
    inner: W,
    digest: Sha256,
}

impl<W: Write> Digesting<W> {
    /// Nothing has gone through yet.
    pub fn new(inner: W) -> Self {
        Self { inner, digest: Sha256::new() }
    }

    /// The digest of all that went through.
    #[must_use]
    pub fn finish(self) -> String {
        self.into_parts().1
    }

    /// What it went through to, and its digest.
    #[must_use]
    pub fn into_parts(self) -> (W, String) {
        (self.inner, in_text(&self.digest.finalize()))
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// A line of text with its digest on the next line.
#[must_use]
pub fn sealed(mut line: Vec<u8>) -> Vec<u8> {
    line.push(b'\n');
    let digest = sha256(&line);
    line.extend_from_slice(digest.as_bytes());
    line.push(b'\n');
    line
}

/// The line before a digest, and whether the digest is that of the line.
#[must_use]
pub fn unsealed(bytes: &[u8]) -> (&[u8], bool) {
    let end = bytes.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
    let (line, digest) = bytes.split_at(end);
    (line, digest.strip_suffix(b"\n").is_some_and(|digest| digest == sha256(line).as_bytes()))
}

/// The digest of several named files: of their names, lengths and bytes, in the order given.
#[must_use]
pub fn sha256_of_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut joined = Vec::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            joined.extend_from_slice(&(part.len() as u64).to_le_bytes());
            joined.extend_from_slice(part);
        }
    }
    sha256(&joined)
}

/// The digest of a scenario: of the file it starts from and all files it reads.
#[must_use]
pub fn sha256_of_scenario<'a>(root: &'a str, files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    sha256_of_files(std::iter::once(("root", root.as_bytes())).chain(files))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn the_published_example() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn what_goes_through_a_writer_has_the_digest_of_its_bytes() {
        let mut out = Vec::new();
        let mut through = Digesting::new(&mut out);
        through.write_all(b"a").and_then(|()| through.write_all(b"bc")).unwrap();
        assert_eq!(through.finish(), sha256(b"abc"));
        assert_eq!(out, b"abc");
    }

    #[test]
    fn a_byte_that_moves_to_the_next_file_changes_the_digest() {
        let one = sha256_of_files([("a", &b"xy"[..]), ("b", &b"z"[..])]);
        let two = sha256_of_files([("a", &b"x"[..]), ("b", &b"yz"[..])]);
        assert_ne!(one, two);
    }
}
