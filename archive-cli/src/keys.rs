//! The office's key, and the keys of others it has made sure of.
//!
//! ```text
//! keys/own.pem             the office's own key: for its owner's eyes only, never in git
//! keys/trusted/NAME.pem    public keys, each under the name of the office it belongs to
//! ```
//!
//! They lie in the repository, since they belong to the office and not to who happens to sit there; a
//! `.gitignore` beside them keeps them out of any git the repository may lie in.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_store::Repository;
use archive_transfer::names;
use archive_transfer::signature::{PublicKey, Scheme, SigningKey, Trust, TrustedKey};
use clap::{Arg, ArgAction, ArgMatches, value_parser};

use crate::args::pick;
use crate::context::Context;
use crate::error::{CommandError, Kind};
use crate::files;

/// The keys of a repository.
#[derive(Debug)]
pub(crate) struct Keys {
    folder: PathBuf,
}

impl Keys {
    /// The keys in the repository at `root`.
    pub(crate) fn at(root: &Path) -> Self {
        Self { folder: root.join("keys") }
    }

    /// The key that signs, if the office has one.
    pub(crate) fn own(&self) -> Result<Option<SigningKey>, CommandError> {
        let path = self.own_path();
        let pem = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            other => other.map_err(|error| CommandError::io(&path, &error))?,
        };
        if others_may_read(&path) {
            let path = path.display();
            return Err(CommandError::new(
                Kind::Input,
                text!(
                    "签名钥匙 {path} 别人也能读，不可再用",
                    "others may read the signing key {path}: it can't be used"
                ),
                Text::fixed(
                    "若确无人读过，改为仅本人可读（chmod 600）；否则用 archive transfer key new --replace 换钥匙，并通知对方",
                    "if nobody has, make it yours alone (chmod 600); else make another with archive transfer key new --replace, and tell the others",
                ),
            ));
        }
        SigningKey::from_pem(&pem).map(Some).map_err(|error| unusable(&path, &error.message()))
    }

    /// Makes the office's key. An existing one stays unless it is to be replaced.
    pub(crate) fn make(
        &self,
        office: &str,
        scheme: Scheme,
        replace: bool,
    ) -> Result<SigningKey, CommandError> {
        let path = self.own_path();
        if path.exists() && !replace {
            // Stopped before the public half lay there: that is all there was left to do.
            if !self.public_path(office).exists()
                && let Some(key) = self.own()?.filter(|key| key.scheme() == scheme)
            {
                self.trust(office, &key.public())?;
                return Ok(key);
            }
            let path = path.display();
            return Err(CommandError::usage(
                text!("已有签名钥匙：{path}", "there is a signing key already: {path}"),
                Text::fixed(
                    "archive transfer key show 显示它；确要换新的，加 --replace",
                    "archive transfer key show tells of it; add --replace to make another all the same",
                ),
            ));
        }
        let key = draw(scheme)?;
        let io = |error: &io::Error| CommandError::io(&path, error);
        fs::create_dir_all(&self.folder).map_err(|error| io(&error))?;
        files::write(&self.folder.join(".gitignore"), b"*\n")?;
        let pem = key.to_pem().map_err(|error| unusable(&path, &error.message()))?;
        // A temporary file is its owner's alone, and stays so when it is renamed.
        let mut file = tempfile::Builder::new()
            .prefix(".archive-")
            .tempfile_in(&self.folder)
            .map_err(|error| io(&error))?;
        file.write_all(pem.as_ref()).and_then(|()| file.as_file().sync_all()).map_err(|error| io(&error))?;
        file.persist(&path).map_err(|error| io(&error.error))?;
        self.trust(office, &key.public())?;
        Ok(key)
    }

    /// The keys kept as somebody's, by name.
    pub(crate) fn trusted(&self) -> Result<Vec<TrustedKey>, CommandError> {
        let folder = self.trusted_folder();
        let listed = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other.map_err(|error| CommandError::io(&folder, &error))?,
        };
        let mut keys = Vec::new();
        for entry in listed {
            let path = entry.map_err(|error| CommandError::io(&folder, &error))?.path();
            if path.extension().is_some_and(|extension| extension == "pem") {
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                keys.push(TrustedKey { name, key: read_public(&path)? });
            }
        }
        keys.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(keys)
    }

    /// Keeps a public key under the name of its office. Gives where.
    pub(crate) fn trust(&self, office: &str, key: &PublicKey) -> Result<PathBuf, CommandError> {
        let path = self.public_path(office);
        files::write(&path, key.to_pem().as_bytes())?;
        Ok(path)
    }

    /// Where the office's own key lies.
    pub(crate) fn own_path(&self) -> PathBuf {
        self.folder.join("own.pem")
    }

    /// Where the public key of an office lies.
    pub(crate) fn public_path(&self, office: &str) -> PathBuf {
        self.trusted_folder().join(format!("{}.pem", names::safe(office)))
    }

    fn trusted_folder(&self) -> PathBuf {
        self.folder.join("trusted")
    }
}

/// `--trusted`: keys that alone count.
pub(crate) fn trusted_arg(lang: Lang) -> Arg {
    Arg::new("trusted")
        .long("trusted")
        .action(ArgAction::Append)
        .value_name(pick(lang, "公钥", "KEY"))
        .value_parser(value_parser!(PathBuf))
        .help(pick(
            lang,
            "签名须出自这把公钥（PEM 文件，可多次；默认：档案库里存下的公钥）",
            "A public key that must have signed (PEM, can be repeated; default: those kept in the repository)",
        ))
}

/// Which keys count: those named on the command line, or those kept in the repository, where there is one.
pub(crate) fn trust(context: &Context, matches: &ArgMatches) -> Result<Trust, CommandError> {
    let named: Vec<&PathBuf> = matches.get_many("trusted").into_iter().flatten().collect();
    if named.is_empty() {
        return kept(context);
    }
    let mut keys = Vec::new();
    for path in named {
        keys.push(TrustedKey { name: path.display().to_string(), key: read_public(path)? });
    }
    Ok(Trust { keys, required: true })
}

/// The keys kept in the repository, where there is one: a package can be verified without.
pub(crate) fn kept(context: &Context) -> Result<Trust, CommandError> {
    let root = match &context.repository {
        Some(root) => Some(root.clone()),
        None => Repository::find(Path::new(".")).ok(),
    };
    let keys = root.map(|root| Keys::at(&root).trusted()).transpose()?.unwrap_or_default();
    Ok(Trust { keys, required: false })
}

/// Reads somebody's public key.
pub(crate) fn read_public(path: &Path) -> Result<PublicKey, CommandError> {
    let pem = fs::read_to_string(path).map_err(|error| CommandError::io(path, &error))?;
    PublicKey::from_pem(&pem).map_err(|error| unusable(path, &error.message()))
}

fn draw(scheme: Scheme) -> Result<SigningKey, CommandError> {
    let mut seed = [0; 32];
    loop {
        getrandom::fill(&mut seed).map_err(|_| {
            CommandError::new(
                Kind::Io,
                Text::fixed("系统给不出随机数", "the system gives no random numbers"),
                Text::fixed("请检查操作系统后再运行", "check the operating system, then run it again"),
            )
        })?;
        if let Some(key) = SigningKey::from_seed(scheme, &seed) {
            return Ok(key);
        }
    }
}

fn unusable(path: &Path, Text { zh, en }: &Text) -> CommandError {
    let path = path.display();
    CommandError::new(
        Kind::Input,
        text!("{path}：{zh}", "{path}: {en}"),
        Text::fixed("请核对文件，或向对方再要一份公钥", "check the file, or ask for the key again"),
    )
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_: &Path) -> bool {
    false
}
