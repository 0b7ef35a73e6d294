//! What can go wrong with a repository, and what a person can do about it.
//!
//! Every error says, in both languages, what happened to which file or number and what to do. Its
//! [`ErrorKind`] is for programs: exit status, JSON, tests. The rule of the crate holds for all of
//! them: when a call fails, the repository is as it was before.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use archive_core::people::NobodyThere;
use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::Text;

use crate::lock::Holder;

/// The result of every call of this crate.
pub type Result<T> = std::result::Result<T, StoreError>;

/// Why the repository did not do what it was asked. The repository is as it was before.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// Neither this folder nor one above it is a repository.
    NotARepository {
        /// Where the search began.
        start: PathBuf,
    },
    /// A repository can only be made in a new or empty folder.
    NotEmpty {
        /// The folder.
        dir: PathBuf,
    },
    /// `archive.toml` can't be understood.
    Settings {
        /// The file.
        path: PathBuf,
        /// What the TOML reader says, with line and column.
        reason: String,
    },
    /// The repository was written by a newer version of the program.
    NewerVersion {
        /// The part that is newer: `archive.toml` or `catalogue.db`.
        path: PathBuf,
        /// The version found.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// Somebody else is changing the repository.
    Busy {
        /// Who, as far as it is known.
        holder: Box<Holder>,
        /// The lock file.
        path: PathBuf,
    },
    /// The drive refuses the locks by which several at work are kept apart.
    NoLocks {
        /// What couldn't be locked.
        path: PathBuf,
    },
    /// A part of the repository is not as this crate left it.
    Damaged {
        /// The part.
        path: PathBuf,
        /// What is wrong with it.
        reason: Text,
    },
    /// No room is left on the disk, or in the quota.
    Full {
        /// What could not be written.
        path: PathBuf,
    },
    /// The system refused something else.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// The database refused something that has no better name here.
    Database {
        /// What it said.
        source: rusqlite::Error,
    },
    /// A file to be taken in can't be read: it isn't there, is a folder, or may not be read.
    SourceUnreadable {
        /// The file, as the caller named it.
        path: PathBuf,
        /// Why.
        reason: Text,
    },
    /// A file to be taken in changed while it was read.
    SourceChanged {
        /// The file, as the caller named it.
        path: PathBuf,
    },
    /// A file to be taken in is not the one that was announced: its digest differs.
    SourceDiffers {
        /// The file, as the caller named it.
        path: PathBuf,
        /// The sha256 announced.
        expected: String,
        /// The sha256 found.
        found: String,
    },
    /// This very register was imported before.
    RegisterTwice {
        /// Its name then.
        name: String,
        /// When.
        when: String,
    },
    /// This very package was received before.
    PackageTwice {
        /// The package.
        package: String,
        /// When.
        when: String,
        /// The accession number (接收号) it was given.
        accession: String,
    },
    /// This very package was sent before.
    SentTwice {
        /// The package.
        package: String,
        /// When.
        when: String,
    },
    /// A registered paper and an item would be one, and the item is another registered paper.
    PaperTaken {
        /// The line that has the item.
        holder: String,
    },
    /// Two volumes would bear one number (K3).
    NumberTaken {
        /// The archival code or number.
        code: String,
        /// Who bears it.
        bearer: Text,
    },
    /// A number that was handed over would be given again or taken away (K4, V8).
    NumberIssued {
        /// The archival code or number.
        code: String,
        /// What would happen to it.
        reason: Text,
    },
    /// A backup or export can't be made here, or can't be taken for what it should be.
    CopyRefused {
        /// The backup or export.
        copy: PathBuf,
        /// Why.
        reason: Text,
    },
    /// What was to be written contradicts itself or the repository.
    Inconsistent {
        /// How.
        reason: Text,
    },
    /// There is one already.
    Exists {
        /// What would be made twice.
        what: Text,
    },
    /// A clause forbids it.
    Refused(Box<Refusal>),
    /// Who wants to act isn't on the register of people, or no longer.
    Nobody(NobodyThere),
    /// There is no such thing in the repository.
    NotFound {
        /// What was asked for.
        what: Text,
    },
}

/// The kinds of error, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No repository here.
    NotARepository,
    /// The folder for a new repository holds something.
    NotEmpty,
    /// Settings can't be understood.
    Settings,
    /// Written by a newer version.
    NewerVersion,
    /// Somebody else is changing it.
    Busy,
    /// Not as this crate left it.
    Damaged,
    /// The disk is full.
    Full,
    /// The system or the database refused.
    Io,
    /// A file to be taken in is missing, unreadable, changing or not the one announced.
    Source,
    /// The same register or package a second time.
    Twice,
    /// A number that can't be given.
    Number,
    /// A backup or export that isn't what it should be.
    Copy,
    /// Contradictory input.
    Inconsistent,
    /// No such thing.
    NotFound,
    /// A clause forbids it.
    Refused,
    /// Not a person at work.
    Nobody,
}

impl ErrorKind {
    /// The kind as JSON writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotARepository => "not-a-repository",
            Self::NotEmpty => "not-empty",
            Self::Settings => "settings",
            Self::NewerVersion => "newer-version",
            Self::Busy => "busy",
            Self::Damaged => "damaged",
            Self::Full => "disk-full",
            Self::Io => "io",
            Self::Source => "source-file",
            Self::Twice => "twice",
            Self::Number => "number",
            Self::Copy => "copy",
            Self::Inconsistent => "inconsistent",
            Self::NotFound => "not-found",
            Self::Refused => "refused",
            Self::Nobody => "nobody",
        }
    }
}

impl StoreError {
    /// Its kind.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::NotARepository { .. } => ErrorKind::NotARepository,
            Self::NotEmpty { .. } => ErrorKind::NotEmpty,
            Self::Settings { .. } => ErrorKind::Settings,
            Self::NewerVersion { .. } => ErrorKind::NewerVersion,
            Self::Busy { .. } => ErrorKind::Busy,
            Self::Damaged { .. } => ErrorKind::Damaged,
            Self::Full { .. } => ErrorKind::Full,
            Self::Io { .. } | Self::Database { .. } | Self::NoLocks { .. } => ErrorKind::Io,
            Self::SourceUnreadable { .. } | Self::SourceChanged { .. } | Self::SourceDiffers { .. } => {
                ErrorKind::Source
            }
            Self::RegisterTwice { .. }
            | Self::PackageTwice { .. }
            | Self::SentTwice { .. }
            | Self::PaperTaken { .. }
            | Self::Exists { .. } => ErrorKind::Twice,
            Self::NumberTaken { .. } | Self::NumberIssued { .. } => ErrorKind::Number,
            Self::CopyRefused { .. } => ErrorKind::Copy,
            Self::Inconsistent { .. } => ErrorKind::Inconsistent,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::Refused(_) => ErrorKind::Refused,
            Self::Nobody(_) => ErrorKind::Nobody,
        }
    }

    /// What happened.
    pub fn message(&self) -> Text {
        match self {
            Self::NotARepository { start } => {
                let start = start.display();
                text!(
                    "{start} 及其上级文件夹都不是档案库",
                    "neither {start} nor a folder above it is a repository"
                )
            }
            Self::NotEmpty { dir } => {
                let dir = dir.display();
                text!("文件夹 {dir} 不是空的", "the folder {dir} is not empty")
            }
            Self::Settings { path, reason } => {
                let path = path.display();
                text!("设置文件 {path} 无法读取：{reason}", "the settings {path} can't be read: {reason}")
            }
            Self::NewerVersion { path, found, known } => {
                let path = path.display();
                text!(
                    "{path} 由较新版本的程序写成（第 {found} 版，本程序只认到第 {known} 版）",
                    "{path} was written by a newer version of the program (version {found}; this one knows up to {known})"
                )
            }
            Self::Busy { holder, .. } => {
                let Text { zh, en } = holder.describe();
                text!("档案库正被占用：{zh}", "the repository is in use: {en}")
            }
            Self::NoLocks { path } => {
                let path = path.display();
                text!(
                    "{path} 所在的盘拒绝给文件加锁，几个程序同时使用会互相破坏",
                    "the drive {path} lies on refuses to lock files; several programs at once would destroy each other's work"
                )
            }
            Self::Damaged { path, reason: Text { zh, en } } => {
                let path = path.display();
                text!("{path} 已损坏：{zh}", "{path} is damaged: {en}")
            }
            Self::Full { path } => {
                let path = path.display();
                text!("磁盘已满，无法写入 {path}", "the disk is full: {path} can't be written")
            }
            Self::Io { path, source } => {
                let path = path.display();
                text!("{path} 无法读写：{source}", "{path} can't be read or written: {source}")
            }
            Self::Database { source } => {
                text!("数据库拒绝操作：{source}", "the database refused: {source}")
            }
            Self::SourceUnreadable { path, reason: Text { zh, en } } => {
                let path = path.display();
                text!("文件 {path} 无法读取：{zh}", "the file {path} can't be read: {en}")
            }
            Self::SourceChanged { path } => {
                let path = path.display();
                text!("文件 {path} 在读取过程中被改动", "the file {path} changed while it was read")
            }
            Self::SourceDiffers { path, expected, found } => {
                let path = path.display();
                text!(
                    "文件 {path} 与清单不符：应为 {expected}，实为 {found}",
                    "the file {path} is not the one listed: expected {expected}, found {found}"
                )
            }
            Self::PaperTaken { holder } => {
                text!("这一件已确认是 {holder}", "this item was confirmed to be {holder}")
            }
            Self::RegisterTwice { name, when } => text!(
                "这份登记表已于 {when} 导入（当时名为 {name}）",
                "this register was already imported at {when} (as {name})"
            ),
            Self::PackageTwice { package, when, accession } => text!(
                "移交包 {package} 已于 {when} 接收，接收号 {accession}",
                "the package {package} was already received at {when}, accession {accession}"
            ),
            Self::SentTwice { package, when } => text!(
                "移交包 {package} 已于 {when} 登记移交",
                "the package {package} was already recorded as sent at {when}"
            ),
            Self::NumberTaken { code, bearer: Text { zh, en } } => {
                text!("编号 {code} 重复：已用于{zh}", "the number {code} is taken: {en} bears it")
            }
            Self::NumberIssued { code, reason: Text { zh, en } } => {
                text!("编号 {code} 已随移交给出：{zh}", "the number {code} was handed over: {en}")
            }
            Self::CopyRefused { copy, reason: Text { zh, en } } => {
                let copy = copy.display();
                text!("副本 {copy} 不能用：{zh}", "the copy {copy} can't be used: {en}")
            }
            Self::Inconsistent { reason } => reason.clone(),
            Self::Exists { what: Text { zh, en } } => text!("已经有{zh}", "there is already {en}"),
            Self::Refused(refusal) => refusal.told(),
            Self::Nobody(nobody) => nobody.message(),
            Self::NotFound { what: Text { zh, en } } => text!("没有{zh}", "there is no {en}"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Text {
        match self {
            Self::PaperTaken { .. } => Text::fixed("先收回", "take that back first"),
            Self::NotARepository { .. } => Text::fixed(
                "先用 archive init 新建档案库，或用 -R 指明档案库所在的文件夹",
                "make one with `archive init`, or name its folder with -R",
            ),
            Self::NotEmpty { .. } => Text::fixed("换一个新的或空的文件夹", "choose a new or an empty folder"),
            Self::Settings { .. } => {
                Text::fixed("用文本编辑器改正所指的那一行", "correct the line it names with a text editor")
            }
            Self::NewerVersion { .. } => Text::fixed(
                "请换用较新版本的程序；本程序没有改动任何内容",
                "use the newer program; nothing was changed",
            ),
            Self::Busy { path, .. } => {
                let path = path.display();
                text!(
                    "等它结束后再试；如果确知没有程序在用这个档案库，可删除 {path}",
                    "try again when it has finished; if you are certain that no program uses the repository, delete {path}"
                )
            }
            Self::NoLocks { .. } => Text::fixed(
                "在 archive.toml 第一行之前加一行 one_at_a_time = true，此后一次只由一个程序使用，不靠锁也安全；或请管理员在该盘上启用文件锁，或把档案库移到本机磁盘",
                "add the line `one_at_a_time = true` at the top of archive.toml: then one program works at a time, which is safe without locks; or have locks switched on for that drive, or move the repository to a local disk",
            ),
            Self::Damaged { .. } => Text::fixed(
                "不要再写入；运行 archive fixity 和 archive audit verify 查明范围，再从备份恢复",
                "write nothing more; find out how far it goes with `archive fixity` and `archive audit verify`, then restore from a backup",
            ),
            Self::Full { .. } => Text::fixed(
                "清出空间后重做；档案库保持原样",
                "make room and do it again; the repository is as it was",
            ),
            Self::Io { .. } | Self::Database { .. } => Text::fixed(
                "检查磁盘、网络盘和权限后重做；档案库保持原样",
                "look at the disk, the network drive and the permissions, and do it again; the repository is as it was",
            ),
            Self::SourceUnreadable { .. } => Text::fixed(
                "补上该文件或改正登记表中的“扫描件”，再重新导入",
                "supply the file, or correct 扫描件 in the register, and import again",
            ),
            Self::SourceChanged { .. } => Text::fixed(
                "等正在写这个文件的程序（扫描仪、复制）结束后再导入",
                "import again when the program that writes it (a scanner, a copy) has finished",
            ),
            Self::SourceDiffers { .. } => {
                Text::fixed("请移交方重新提供这份文件", "ask the sender for the file again")
            }
            Self::RegisterTwice { .. } => Text::fixed(
                "不必再导入；要补充条目，请另做一份只含新条目的登记表",
                "there is nothing to do; to add items, import a register that holds only the new ones",
            ),
            Self::PackageTwice { .. } => {
                Text::fixed("不必再接收；可补打回执", "there is nothing to do; print the receipt again")
            }
            Self::SentTwice { .. } => Text::fixed("不必再登记", "there is nothing to do"),
            Self::NumberTaken { .. } => Text::fixed("换一个未用过的号", "give a number that was never used"),
            Self::NumberIssued { .. } => Text::fixed(
                "已移交的案卷保持原号原序；新增的文件另立案卷",
                "leave volumes that were handed over as they are; put what was added into a volume of its own",
            ),
            Self::CopyRefused { .. } => Text::fixed(
                "副本保持原样；先查明原因（archive audit verify），或另选一个文件夹",
                "the copy is as it was; find out why first (`archive audit verify`), or choose another folder",
            ),
            Self::Inconsistent { .. } => Text::fixed(
                "这多半是程序的缺陷，请连同所做的操作一并报告",
                "this is most likely a defect of the program: please report it with what you did",
            ),
            Self::NotFound { .. } => Text::fixed("核对名称或编号", "check the name or number"),
            Self::Exists { .. } => Text::fixed("换一个名称，或不必再做", "choose another name, or leave it"),
            Self::Refused(refusal) => refusal.help.clone(),
            Self::Nobody(_) => Text::fixed(
                "请在岗的人办理，或先登记人员",
                "have a person at work do it, or register them first",
            ),
        }
    }

    /// The command or option that helps, for who is told on a terminal.
    pub fn command(&self) -> Option<Text> {
        match self {
            Self::PaperTaken { holder } => {
                Some(text!("archive registers refuse {holder} 序号", "archive registers refuse {holder} ROW"))
            }
            Self::Refused(refusal) => refusal.command.as_deref().cloned(),
            Self::Nobody(_) => Some(Text::fixed(
                "--operator（archive people list 列出），archive people add",
                "--operator (archive people list lists them), archive people add",
            )),
            _ => None,
        }
    }

    /// The rule that forbids it, if one does.
    pub fn rule(&self) -> Option<RuleId> {
        match self {
            Self::Refused(refusal) => Some(refusal.rule),
            _ => None,
        }
    }

    /// An error of the system about a file or folder of the repository; a full disk gets its own name.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_path_buf();
        if is_full(&source) { Self::Full { path } } else { Self::Io { path, source } }
    }

    /// A closure that wraps an error of the system about `path`: for `map_err`.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| Self::io(path, source)
    }
}

/// Whether the system says that there is no room.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Database { source } => Some(source),
            _ => None,
        }
    }
}

/// The database's own words for a full disk and for damage become ours.
impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let catalogue = || PathBuf::from(crate::repository::CATALOGUE);
        match source.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path: catalogue() },
            // The index of the write-ahead log can't grow: for want of room, as it is a file of ours.
            Some(ErrorCode::SystemIoFailure)
                if source
                    .sqlite_error()
                    .is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE) =>
            {
                Self::Full { path: catalogue() }
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                let reason = text!("{source}", "{source}");
                Self::Damaged { path: catalogue(), reason }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::Busy { holder: Box::default(), path: PathBuf::from(crate::lock::HOLDER) }
            }
            _ => Self::Database { source },
        }
    }
}
