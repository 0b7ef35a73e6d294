//! Why a request isn't answered as it was asked.

use archive_core::text::Text;
use archive_index::search::IndexError;
use archive_store::{ErrorKind, StoreError};

/// Why there is no answer. What the public is told of each says nothing of what there is.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is nothing at this address, or nothing that may be seen: the two can't be told apart.
    NotFound,
    /// One must be signed in.
    SignIn,
    /// One is signed in and may not.
    Forbidden,
    /// What was sent makes no sense, or is against a rule; with what to do.
    Refused(Text, Text),
    /// Somebody else changed it meanwhile.
    Outdated,
    /// Somebody else is at work on the repository.
    Busy(Text),
    /// Too often.
    TooMany,
    /// A defect or a damaged repository: told to who runs the server, not to the reader.
    Broken(Text),
}

impl Failure {
    /// What was sent is refused.
    pub(crate) fn refused(message: Text) -> Self {
        Self::Refused(message, Text::fixed("请改正后再提交", "correct it and send it again"))
    }

    /// The status of the answer.
    pub(crate) const fn status(&self) -> u16 {
        match self {
            Self::NotFound => 404,
            Self::SignIn => 401,
            Self::Forbidden => 403,
            Self::Refused(..) => 422,
            Self::Outdated => 409,
            Self::Busy(_) => 503,
            Self::TooMany => 429,
            Self::Broken(_) => 500,
        }
    }

    /// The stable name, for the JSON document.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::SignIn => "sign-in",
            Self::Forbidden => "forbidden",
            Self::Refused(..) => "refused",
            Self::Outdated => "outdated",
            Self::Busy(_) => "busy",
            Self::TooMany => "too-many",
            Self::Broken(_) => "defect",
        }
    }

    /// Whether it is told of a form that can be filled in again.
    pub(crate) const fn is_about_a_form(&self) -> bool {
        matches!(self, Self::Refused(..) | Self::Outdated | Self::Busy(_) | Self::TooMany)
    }

    /// What happened, in words.
    pub(crate) fn message(&self) -> Text {
        match self {
            Self::NotFound => Text::fixed("没有找到这一页", "there is no such page"),
            Self::SignIn => Text::fixed("请先登录", "please sign in"),
            Self::Forbidden => Text::fixed("您没有办理这件事的角色", "you haven't the role this takes"),
            Self::Refused(message, _) | Self::Busy(message) => message.clone(),
            Self::Outdated => Text::fixed(
                "您打开这一页以后，别人作了改动；您的改动没有保存",
                "somebody changed this after you opened it; your change was not saved",
            ),
            Self::TooMany => Text::fixed("次数太多，请稍后再试", "too often: please try again later"),
            Self::Broken(_) => Text::fixed("服务器出了差错", "something went wrong on the server"),
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> Text {
        match self {
            Self::NotFound => Text::fixed(
                "请核对地址，或从检索、目录进入",
                "check the address, or start from the search or the catalogue",
            ),
            Self::SignIn => Text::fixed("登录后再打开这一页", "sign in and open the page again"),
            Self::Forbidden => {
                Text::fixed("请负责人办理，或调整您的角色", "ask the director to do it, or for the role")
            }
            Self::Refused(_, help) => help.clone(),
            Self::Outdated => Text::fixed(
                "请重新打开这一页，看过新的内容再改",
                "open the page again, look at what is new, and change it then",
            ),
            Self::Busy(_) => Text::fixed("请稍等片刻再试", "please wait a moment and try again"),
            Self::TooMany => Text::fixed("请过几分钟再试", "try again in a few minutes"),
            Self::Broken(_) => Text::fixed("请告知管理员", "please tell who runs this server"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error.kind() {
            ErrorKind::Busy => Self::Busy(error.message()),
            ErrorKind::Io | ErrorKind::Damaged | ErrorKind::Full => Self::Broken(error.message()),
            _ => Self::Refused(error.message(), error.help()),
        }
    }
}

impl From<IndexError> for Failure {
    fn from(error: IndexError) -> Self {
        let said = error.to_string();
        Self::Broken(Text::new(said.clone(), said))
    }
}
