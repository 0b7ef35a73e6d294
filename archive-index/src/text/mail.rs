//! Letters sent by mail (eml): who wrote, to whom, when, of what, and what is written, unpacked from base64 and
//! quoted-printable and read in each part's own encoding. What is attached is named, not read.

use archive_core::text;
use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use super::guard::Watch;
use super::{NoText, Page, Read, TextSource, html, plain};
use crate::identify::Encoding;

/// Letters forwarded within letters are read so far down.
const DEEPEST: usize = 8;

pub(super) fn read(bytes: &[u8], encoding: Encoding, watch: &Watch) -> Read {
    let Some(message) = MessageParser::default().parse(bytes) else {
        return plain::read(bytes, encoding, watch);
    };
    let mut letter = Letter { watch, lines: Vec::new(), attached: 0, stopped: None };
    letter.read(&message, 0);
    let text = letter.lines.join("\n");
    if text.trim().is_empty() || text.contains(char::REPLACEMENT_CHARACTER) {
        // Old programs wrote Chinese without saying in which encoding; as a whole the file tells.
        return plain::read(bytes, encoding, watch);
    }
    let mut read = Read { stopped: letter.stopped, ..Read::default() };
    let attached = letter.attached;
    if attached > 0 {
        read.noticed
            .push(text!("附件 {attached} 个，未读其内容", "attachments: {attached}, which weren't read"));
    }
    read.pages.push(Page::of_text(1, &text, TextSource::BornDigital));
    read
}

struct Letter<'w> {
    watch: &'w Watch,
    lines: Vec<String>,
    attached: usize,
    stopped: Option<NoText>,
}

impl Letter<'_> {
    fn read(&mut self, message: &Message<'_>, depth: usize) {
        self.lines.extend(message.subject().map(str::to_owned));
        for people in [message.from(), message.to(), message.cc()].into_iter().flatten() {
            self.lines.push(names(people));
        }
        self.lines.extend(message.date().map(mail_parser::DateTime::to_rfc3339));
        for part in message.text_bodies() {
            match &part.body {
                PartType::Text(text) => self.lines.push(text.clone().into_owned()),
                PartType::Html(page) => self.lines.push(html::visible(page)),
                _ => {}
            }
        }
        for part in message.attachments() {
            if self.watch.is_over() {
                self.stopped = Some(NoText::TooSlow);
                return;
            }
            match &part.body {
                PartType::Message(inside) if depth < DEEPEST => self.read(inside, depth + 1),
                _ => {
                    self.attached += 1;
                    self.lines.extend(part.attachment_name().map(str::to_owned));
                }
            }
        }
    }
}

/// Names and addresses, parted by 、.
fn names(people: &Address<'_>) -> String {
    let one = |person: &mail_parser::Addr<'_>| match (person.name(), person.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => name.or(address).unwrap_or_default().to_owned(),
    };
    people.iter().map(one).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use crate::text::{Extraction, Limits, extract};

    fn read(letter: &str) -> Extraction {
        extract(letter.replace('\n', "\r\n").into_bytes(), "信.eml", &Limits::default())
    }

    #[test]
    fn what_is_written_is_unpacked_and_what_is_attached_is_named() {
        let letter = read(
            "From: =?GB2312?B?wdnPqs/YtbWwuL7W?= <dag@linxi.example>\nTo: office@linxi.example\n\
             Subject: =?UTF-8?B?5YWz5LqO5bGx5rSq6aKE6K2m55qE6YCa55+l?=\nDate: Mon, 17 May 2004 09:30:00 +0800\n\
             MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b\n\
             Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: base64\n\n\
             PHA+x+u498/n1fK8tMjVyc+xqMuux+mhozwvcD48cD64vdSksLg8L3A+\n--b\n\
             Content-Type: application/pdf; name=\"plan.pdf\"\nContent-Disposition: attachment; filename=\"plan.pdf\"\n\
             Content-Transfer-Encoding: base64\n\nJVBERg==\n--b--\n",
        );
        let lines: Vec<&str> = letter.pages[0].lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            lines,
            [
                "关于山洪预警的通知",
                "临溪县档案局 <dag@linxi.example>",
                "office@linxi.example",
                "2004-05-17T09:30:00+08:00",
                "请各乡镇即日上报水情。",
                "附预案",
                "plan.pdf"
            ]
        );
        assert_eq!(letter.noticed[0].en, "attachments: 1, which weren't read");
    }

    #[test]
    fn a_letter_that_does_not_name_its_encoding_is_read_as_a_whole() {
        let mut bytes = b"From: a@linxi.example\r\nTo: b@linxi.example\r\nSubject: flood\r\n\r\n".to_vec();
        bytes.extend(encoding_rs::GB18030.encode("各乡镇人民政府，切实做好防汛抗旱工作。").0.iter());
        let letter = extract(bytes, "信.eml", &Limits::default());
        assert!(letter.pages[0].text().contains("切实做好防汛抗旱工作"), "{letter:?}");
    }
}
