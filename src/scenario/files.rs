//! Where the bytes of a scenario come from: paths in a tree of files, on disk or in memory.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::source::{LARGEST_FILE, ReadError};
use super::suggest;

/// A path in the tree that holds all files of a scenario: its components from the top, without `.` and `..`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TreePath(Vec<String>);

impl TreePath {
    /// Splits a path written with `/`; components `..` take the folder before them away.
    pub(super) fn join(folder: &[String], written: &str) -> Result<Self, ReadError> {
        let refuse = || ReadError::Unsafe(written.to_owned());
        if written.is_empty() || written.starts_with('/') || written.contains(['\\', ':', '\0']) {
            return Err(refuse());
        }
        let mut parts = folder.to_vec();
        for part in written.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop().ok_or_else(refuse)?;
                }
                name => parts.push(name.to_owned()),
            }
        }
        if parts.is_empty() { Err(refuse()) } else { Ok(Self(parts)) }
    }

    /// The path of a name in a folder.
    pub(super) fn within(folder: &[String], name: &str) -> Self {
        Self(folder.iter().cloned().chain([name.to_owned()]).collect())
    }

    pub(super) fn folder(&self) -> &[String] {
        self.0.split_last().map_or(&[], |(_, folder)| folder)
    }

    /// The path without so many folders from the top.
    pub(super) fn below(&self, folders: usize) -> String {
        self.0[folders..].join("/")
    }

    /// The path as written from `folder`: `../` for each step up, then down.
    pub(super) fn relative_to(&self, folder: &[String]) -> String {
        let common = self.0.iter().zip(folder).take_while(|(a, b)| a == b).count();
        let mut written = "../".repeat(folder.len() - common);
        written.push_str(&self.0[common..].join("/"));
        written
    }
}

/// Where the bytes of files come from: the disk, or memory.
pub(crate) trait Files {
    /// The path of the root file.
    fn root(&self) -> TreePath;
    /// The folder of the root as typed, for messages: empty, or ending in `/`.
    fn prefix(&self) -> String;
    /// The bytes of a file, at most one more than [`LARGEST_FILE`].
    fn bytes(&self, path: &TreePath, name: &str) -> Result<Vec<u8>, ReadError>;
}

/// Files on disk.
#[derive(Debug)]
pub(crate) struct Disk {
    root: TreePath,
    prefix: String,
    top: PathBuf,
}

impl Disk {
    /// Prepares to read a scenario whose root file is `path`.
    ///
    /// # Errors
    /// When the path names no file or its folder does not exist.
    pub(crate) fn new(path: &Path) -> Result<Self, ReadError> {
        let shown = path.display().to_string();
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            return Err(ReadError::Folder(shown));
        };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let real = std::fs::canonicalize(folder.unwrap_or(Path::new(".")))
            .map_err(|_| ReadError::Missing(shown.clone(), None))?;
        let mut top = PathBuf::new();
        let mut parts = Vec::new();
        for component in real.components() {
            match component {
                std::path::Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
                other => top.push(other),
            }
        }
        parts.push(name);
        let prefix = folder.map_or_else(String::new, |folder| format!("{}/", folder.display()));
        Ok(Self { root: TreePath(parts), prefix, top })
    }

    fn real(&self, path: &TreePath) -> PathBuf {
        path.0.iter().fold(self.top.clone(), |real, part| real.join(part))
    }
}

impl Files for Disk {
    fn root(&self) -> TreePath {
        self.root.clone()
    }

    fn prefix(&self) -> String {
        self.prefix.clone()
    }

    fn bytes(&self, path: &TreePath, name: &str) -> Result<Vec<u8>, ReadError> {
        let real = self.real(path);
        let system = |error: &io::Error| match error.kind() {
            io::ErrorKind::NotFound => ReadError::Missing(name.to_owned(), near(&real)),
            io::ErrorKind::IsADirectory => ReadError::Folder(name.to_owned()),
            kind => ReadError::System(name.to_owned(), kind.to_string()),
        };
        let data = std::fs::metadata(&real).map_err(|error| system(&error))?;
        if data.is_dir() {
            return Err(ReadError::Folder(name.to_owned()));
        }
        if data.len() > LARGEST_FILE as u64 {
            return Err(ReadError::TooLarge(name.to_owned()));
        }
        let mut bytes = Vec::new();
        // A device or a growing file may hold more than its metadata says.
        std::fs::File::open(&real)
            .and_then(|file| file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| system(&error))?;
        Ok(bytes)
    }
}

/// A name in the same folder that resembles a missing one.
fn near(real: &Path) -> Option<String> {
    let wanted = real.file_name()?.to_string_lossy().into_owned();
    let entries = std::fs::read_dir(real.parent()?).ok()?;
    let mut names: Vec<String> =
        entries.flatten().take(10_000).map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    suggest::nearest(&wanted, names.iter().map(String::as_str)).map(str::to_owned)
}

/// Files in memory, such as those of a results folder or a part file.
#[derive(Debug)]
pub(crate) struct Memory<'a> {
    files: Vec<(TreePath, &'a [u8])>,
    root: TreePath,
}

impl<'a> Memory<'a> {
    /// Takes files by relative path, and the path of the root among them.
    ///
    /// # Errors
    /// When a path is absolute or climbs above the tree.
    pub(crate) fn new(files: &'a [(String, Vec<u8>)], root: &str) -> Result<Self, ReadError> {
        let paths = files.iter().map(|(name, bytes)| Ok((TreePath::join(&[], name)?, bytes.as_slice())));
        Ok(Self { files: paths.collect::<Result<_, ReadError>>()?, root: TreePath::join(&[], root)? })
    }
}

impl Files for Memory<'_> {
    fn root(&self) -> TreePath {
        self.root.clone()
    }

    fn prefix(&self) -> String {
        String::new()
    }

    fn bytes(&self, path: &TreePath, name: &str) -> Result<Vec<u8>, ReadError> {
        let found = self.files.iter().find(|(candidate, _)| candidate == path);
        let (_, bytes) = found.ok_or_else(|| {
            let names: Vec<_> =
                self.files.iter().map(|(path, _)| path.relative_to(self.root.folder())).collect();
            let near = suggest::nearest(name, names.iter().map(String::as_str)).map(str::to_owned);
            ReadError::Missing(name.to_owned(), near)
        })?;
        Ok(bytes[..bytes.len().min(LARGEST_FILE + 1)].to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_files_and_folders_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("social-referrals.toml"), "x = 1").unwrap();
        let read = |name: &str| {
            let disk = Disk::new(&folder.path().join(name))?;
            disk.bytes(&disk.root(), name)
        };
        assert_eq!(
            read("social-referals.toml"),
            Err(ReadError::Missing("social-referals.toml".into(), Some("social-referrals.toml".into())))
        );
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        assert_eq!(read("sub"), Err(ReadError::Folder("sub".into())));
        let large = std::fs::File::create(folder.path().join("large.toml")).unwrap();
        large.set_len(50_000_000).unwrap();
        assert_eq!(read("large.toml"), Err(ReadError::TooLarge("large.toml".into())));
    }
}
