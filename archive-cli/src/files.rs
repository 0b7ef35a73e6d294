//! Files the command itself writes: whole or not at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::CommandError;

/// Writes a file so that a reader sees the old one or the new one, and never half of it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let told = |error: &std::io::Error| CommandError::io(path, error);
    fs::create_dir_all(folder).map_err(|error| told(&error))?;
    let mut file =
        tempfile::Builder::new().prefix(".archive-").tempfile_in(folder).map_err(|error| told(&error))?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(|error| told(&error))?;
    open_to_all(file.path()).map_err(|error| told(&error))?;
    file.persist(path).map_err(|error| told(&error.error))?;
    Ok(())
}

/// Temporary files are the owner's only; what is printed is for the office.
#[cfg(unix)]
fn open_to_all(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn open_to_all(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// The SHA-256 of some bytes, in hexadecimal: by it the same register is known again.
pub(crate) fn digest(bytes: &[u8]) -> String {
    archive_transfer::digest::hex(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_file_is_there_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("目录/案卷目录.csv"), b"a").unwrap();
        write(&folder.path().join("目录/案卷目录.csv"), b"bc").unwrap();
        let names: Vec<_> = fs::read_dir(folder.path().join("目录"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["案卷目录.csv"]);
        assert_eq!(fs::read(folder.path().join("目录/案卷目录.csv")).unwrap(), b"bc");
    }
}
