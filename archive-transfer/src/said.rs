//! What went wrong with a file, in the reader's language.
//!
//! The system speaks English, or the language of the machine, and libraries speak English. Where an error
//! is ours it carries its sentence in both languages ([`damaged`]); where it is the system's its kind is
//! put into words here, so that no half-English sentence stands in a Chinese message.

use std::io;

use archive_core::text;
use archive_core::text::Text;

/// Something that was read and isn't as it should be.
pub(crate) fn damaged(said: Text) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, said)
}

/// What an error says, in both languages.
pub(crate) fn said(error: &io::Error) -> Text {
    if let Some(inner) = error.get_ref() {
        if let Some(text) = inner.downcast_ref::<Text>() {
            return text.clone();
        }
        if let Some(json) = inner.downcast_ref::<serde_json::Error>() {
            return json_fault(json);
        }
        // A library's own words, which are English.
        return Text::new(of_kind(error).zh, error.to_string());
    }
    of_kind(error)
}

/// What is wrong with a JSON text.
pub(crate) fn json_fault(error: &serde_json::Error) -> Text {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Io => Text::fixed("无法读取", "it can't be read"),
        serde_json::error::Category::Eof => Text::fixed("内容不完整，提前结束", "it ends too early"),
        serde_json::error::Category::Syntax => {
            text!("第 {line} 行第 {column} 列不是 JSON", "no JSON at line {line}, column {column}")
        }
        serde_json::error::Category::Data => text!(
            "第 {line} 行第 {column} 列的内容不是所要的",
            "what stands at line {line}, column {column} is not what belongs there"
        ),
    }
}

fn of_kind(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::NotFound => Text::fixed("没有这个文件或文件夹", "there is no such file or folder"),
        io::ErrorKind::PermissionDenied => Text::fixed("没有权限", "permission denied"),
        io::ErrorKind::StorageFull => Text::fixed("磁盘已满", "the disk is full"),
        io::ErrorKind::QuotaExceeded => Text::fixed("超过磁盘配额", "the disk quota is used up"),
        io::ErrorKind::FileTooLarge => {
            Text::fixed("文件太大，该磁盘放不下", "the file is too large for this disk")
        }
        io::ErrorKind::ReadOnlyFilesystem => Text::fixed("磁盘是只读的", "the disk is read-only"),
        io::ErrorKind::AlreadyExists => Text::fixed("已经存在", "it is there already"),
        io::ErrorKind::NotADirectory => Text::fixed("不是文件夹", "not a folder"),
        io::ErrorKind::IsADirectory => Text::fixed("是文件夹，不是文件", "a folder, not a file"),
        io::ErrorKind::UnexpectedEof => Text::fixed("内容不完整，提前结束", "it ends too early"),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            Text::fixed("内容已损坏", "it is damaged")
        }
        io::ErrorKind::InvalidFilename => {
            Text::fixed("系统不接受这个文件名", "the system doesn't take this name")
        }
        io::ErrorKind::Interrupted => Text::fixed("被中断", "it was interrupted"),
        _ => match error.raw_os_error() {
            Some(number) => {
                text!("系统拒绝（错误号 {number}）", "the system refused (error {number})")
            }
            None => text!("出错（{error}）", "it failed ({error})"),
        },
    }
}

/// What a person can do about an error of the system.
pub(crate) fn remedy(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::NotFound => Text::fixed("请核对路径", "check the path"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            Text::fixed(
                "请腾出空间或换一个磁盘，再运行一次",
                "make room or take another disk, then run it again",
            )
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Text::fixed(
            "请换一个可写的文件夹，或请管理员授权",
            "choose a folder you may write to, or ask for the right",
        ),
        _ => Text::fixed("请检查磁盘和文件后再运行", "check the disk and the file, then run it again"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words_never_stand_in_a_chinese_sentence() {
        for error in [
            io::Error::from_raw_os_error(28),
            io::Error::from_raw_os_error(13),
            io::Error::from_raw_os_error(5),
            io::ErrorKind::UnexpectedEof.into(),
            serde_json::from_str::<u8>("{").unwrap_err().into(),
            damaged(Text::fixed("数据被截断", "the data is cut off")),
        ] {
            let Text { zh, en } = said(&error);
            assert!(!zh.chars().any(|c| c.is_ascii_lowercase()) && en.is_ascii(), "{zh} / {en}");
        }
    }
}
