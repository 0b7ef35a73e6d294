//! Why a command could not be carried out, in words and as an exit status.
//!
//! Every error of the libraries becomes a [`CommandError`] here and nowhere else: this file decides
//! the wording people see, what they are told to do, and the status the shell gets.

use std::io;
use std::path::Path;

use archive_catalogue::fonts::FontError;
use archive_catalogue::forms::{Form, NoSuchForm};
use archive_catalogue::plan::PlanError;
use archive_catalogue::print::{Format, NoSuchFormat, PrintError};
use archive_catalogue::register::RegisterError;
use archive_core::profile::{BUILT_IN, ProfileError};
use archive_core::refusal::Refusal;
use archive_core::rules::RuleId;
use archive_core::text;
use archive_core::text::{Lang, Text};
use archive_index::search::{IndexError, QueryError};
use archive_store::{ErrorKind, StoreError};
use archive_transfer::VerifyError;
use archive_transfer::signature::SignError;
use archive_transfer::tree::TreeError;
use archive_transfer::{BuildError, OpenError};

use crate::exit::Exit;
use crate::render::findings;

/// What kind of trouble it is: the `kind` of the JSON error, and the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The command was called wrongly, or asked for something that can't be (status 2).
    Usage,
    /// A file could not be read or written (3).
    Io,
    /// The folder is no repository, or one this program can't open (3).
    Repository,
    /// Another program is at work on the repository (3).
    Busy,
    /// The input isn't what it should be (3).
    Input,
    /// A clause forbids it (2).
    Refused,
    /// A defect of the program (4).
    Defect,
}

impl Kind {
    /// The word in the JSON error.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Io => "io",
            Self::Repository => "repository",
            Self::Busy => "busy",
            Self::Input => "input",
            Self::Refused => "refused",
            Self::Defect => "defect",
        }
    }
}

/// An error as a user meets it.
#[derive(Debug, Clone)]
pub(crate) struct CommandError {
    /// What kind it is.
    pub(crate) kind: Kind,
    /// What happened, and where.
    pub(crate) message: Text,
    /// What to do.
    pub(crate) help: Text,
    /// The rule that forbids it, where one does.
    pub(crate) rule: Option<RuleId>,
}

impl CommandError {
    /// An error of some kind.
    pub(crate) fn new(kind: Kind, message: Text, help: Text) -> Self {
        Self { kind, message, help, rule: None }
    }

    /// Wrong usage.
    pub(crate) fn usage(message: Text, help: Text) -> Self {
        Self::new(Kind::Usage, message, help)
    }

    /// The program fell over.
    pub(crate) fn defect() -> Self {
        Self::new(
            Kind::Defect,
            Text::fixed(
                "程序出了差错（见上）；没有提交的改动都没有发生",
                "a defect of the program (see above); what wasn't committed didn't happen",
            ),
            Text::fixed(
                "请把上面的文字和所用的命令报告给维护者",
                "please report the text above and the command",
            ),
        )
    }

    /// A file that can't be read or written.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        let (path, reason) = (path.display(), io_reason(error));
        let (zh, en) = (&reason.zh, &reason.en);
        Self::new(Kind::Io, text!("{path}：{zh}", "{path}: {en}"), io_help(error))
    }

    /// How the command ends with this error.
    pub(crate) const fn exit(&self) -> Exit {
        match self.kind {
            Kind::Usage | Kind::Refused => Exit::Usage,
            Kind::Io | Kind::Repository | Kind::Busy | Kind::Input => Exit::Unusable,
            Kind::Defect => Exit::Defect,
        }
    }
}

/// What the system's refusal means, in both languages.
fn io_reason(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::NotFound => Text::fixed("没有这个文件或文件夹", "there is no such file or folder"),
        io::ErrorKind::PermissionDenied => Text::fixed("没有权限", "permission denied"),
        io::ErrorKind::StorageFull => Text::fixed("磁盘已满", "the disk is full"),
        io::ErrorKind::ReadOnlyFilesystem => Text::fixed("磁盘是只读的", "the disk is read-only"),
        io::ErrorKind::AlreadyExists => Text::fixed("已经存在", "it exists already"),
        io::ErrorKind::NotADirectory => Text::fixed("不是文件夹", "not a folder"),
        io::ErrorKind::IsADirectory => Text::fixed("是文件夹，不是文件", "a folder, not a file"),
        _ => text!("{error}", "{error}"),
    }
}

/// What to do about it.
fn io_help(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::NotFound => Text::fixed("请核对路径", "check the path"),
        io::ErrorKind::StorageFull => {
            Text::fixed("请腾出空间后再运行；没有任何改动", "make room and run it again; nothing was changed")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Text::fixed(
            "请换一个可写的文件夹，或请管理员授权",
            "choose a folder you may write to, or ask for the right",
        ),
        _ => Text::fixed("请检查磁盘和文件后再运行", "check the disk and the file, then run it again"),
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        let kind = match error.kind() {
            ErrorKind::NotARepository
            | ErrorKind::Settings
            | ErrorKind::NewerVersion
            | ErrorKind::Damaged => Kind::Repository,
            ErrorKind::Busy => Kind::Busy,
            ErrorKind::Full | ErrorKind::Io => Kind::Io,
            ErrorKind::NotEmpty
            | ErrorKind::NotFound
            | ErrorKind::Twice
            | ErrorKind::Number
            | ErrorKind::Nobody => Kind::Usage,
            ErrorKind::Refused => Kind::Refused,
            ErrorKind::Source | ErrorKind::Copy => Kind::Input,
            _ => Kind::Defect,
        };
        let help = error.help().with_command(error.command().as_ref());
        Self { rule: error.rule(), ..Self::new(kind, error.message(), help) }
    }
}

impl From<Refusal> for CommandError {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.told();
        let help = refusal.help.with_command(refusal.command.as_deref());
        Self { rule: Some(refusal.rule), ..Self::new(Kind::Refused, message, help) }
    }
}

impl From<RegisterError> for CommandError {
    fn from(error: RegisterError) -> Self {
        Self::new(Kind::Input, error.message(), error.help())
    }
}

impl From<QueryError> for CommandError {
    fn from(error: QueryError) -> Self {
        Self::usage(error.message, error.help)
    }
}

impl From<IndexError> for CommandError {
    fn from(error: IndexError) -> Self {
        Self::new(Kind::Repository, told(&error), error.help())
    }
}

impl From<ProfileError> for CommandError {
    fn from(error: ProfileError) -> Self {
        let help = match error {
            ProfileError::Unknown(_) => {
                let known = BUILT_IN.join("、");
                text!("可用的规则集：{known}，或规则文件 .toml", "there are: {known}, or a .toml file")
            }
            _ => Text::fixed("请改正规则文件的这些地方", "correct the profile there"),
        };
        Self::new(Kind::Usage, told(&error), help)
    }
}

/// Some errors show themselves in both languages, Chinese first, with ` / ` between, a line each.
fn told(error: &impl std::fmt::Display) -> Text {
    let shown = error.to_string();
    let (zh, en): (Vec<&str>, Vec<&str>) =
        shown.lines().map(|line| line.split_once(" / ").unwrap_or((line, line))).unzip();
    Text::new(zh.join("\n"), en.join("\n"))
}

impl From<PlanError> for CommandError {
    fn from(error: PlanError) -> Self {
        Self::new(Kind::Input, error.message(), error.help())
    }
}

impl From<FontError> for CommandError {
    fn from(error: FontError) -> Self {
        Self::new(Kind::Defect, told(&error), Text::fixed("请重新安装本程序", "install the program again"))
    }
}

impl From<PrintError> for CommandError {
    fn from(error: PrintError) -> Self {
        Self::new(Kind::Defect, told(&error), Text::fixed("请报告此问题", "please report this"))
    }
}

impl From<NoSuchForm> for CommandError {
    fn from(error: NoSuchForm) -> Self {
        let known = Form::ALL.map(Form::word).join("、");
        Self::usage(told(&error), text!("可用的有：{known}", "there are: {known}"))
    }
}

impl From<NoSuchFormat> for CommandError {
    fn from(error: NoSuchFormat) -> Self {
        let known = Format::ALL.map(Format::word).join("、");
        Self::usage(told(&error), text!("可用的有：{known}", "there are: {known}"))
    }
}

impl From<TreeError> for CommandError {
    fn from(error: TreeError) -> Self {
        Self::new(Kind::Input, error.message(), error.help())
    }
}

impl From<SignError> for CommandError {
    fn from(error: SignError) -> Self {
        Self::new(Kind::Input, error.message(), error.help())
    }
}

impl From<OpenError> for CommandError {
    fn from(error: OpenError) -> Self {
        Self::new(Kind::Input, error.message(), error.help())
    }
}

impl From<BuildError> for CommandError {
    fn from(error: BuildError) -> Self {
        let message = match &error {
            BuildError::Refused(findings) => {
                let Text { zh, en } = error.message();
                let list = |lang| {
                    let lines = findings.iter().map(|finding| findings::line(finding, lang));
                    lines.collect::<Vec<_>>().join("\n")
                };
                Text::new(format!("{zh}：\n{}", list(Lang::Zh)), format!("{en}:\n{}", list(Lang::En)))
            }
            _ => error.message(),
        };
        let kind = match &error {
            BuildError::Refused(_) | BuildError::Exists(_) => Kind::Usage,
            BuildError::File { .. } | BuildError::Write(_) => Kind::Io,
            BuildError::Changed { .. } => Kind::Repository,
        };
        Self::new(kind, message, error.help())
    }
}

impl From<VerifyError> for CommandError {
    fn from(error: VerifyError) -> Self {
        let kind = if matches!(error, VerifyError::NoSuchVolume(_)) { Kind::Usage } else { Kind::Input };
        Self::new(kind, error.message(), error.help())
    }
}
