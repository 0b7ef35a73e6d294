//! HTML, and XML of any kind: what a reader would see. No script, no style, no comment.

use super::guard::Watch;
use super::plain::decode;
use super::{Page, Read, TextSource};
use crate::identify::Encoding;

pub(super) fn read(bytes: &[u8], encoding: Encoding, _: &Watch) -> Read {
    let text = visible(&decode(bytes, encoding));
    Read { pages: vec![Page::of_text(1, &text, TextSource::BornDigital)], ..Read::default() }
}

/// The text between the tags, with a line for each block.
pub(super) fn visible(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        add(&mut out, &rest[..open]);
        rest = &rest[open..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>").unwrap_or(data.len());
            out.push_str(&data[..end]);
            rest = data.get(end + 3..).unwrap_or_default();
            continue;
        }
        let begins_tag =
            rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !begins_tag {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        // A tag that is cut off ends with the text.
        let end = rest.find('>').unwrap_or(rest.len());
        let tag = rest[1..end].trim_start_matches('/');
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let is_end = rest.starts_with("</");
        rest = rest.get(end + 1..).unwrap_or_default();
        match name.as_str() {
            "script" | "style" | "title" | "template" if !is_end => {
                let closing = format!("</{name}");
                let at = find_ignoring_case(rest, &closing).unwrap_or(rest.len());
                if name == "title" {
                    add(&mut out, &rest[..at]);
                    out.push('\n');
                }
                rest = &rest[at..];
            }
            "td" | "th" if !is_end => out.push('\t'),
            "p" | "div" | "br" | "tr" | "li" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"
            | "section" | "article" | "hr" | "ul" | "ol" | "dt" | "dd" | "pre" | "blockquote"
                if !out.ends_with('\n') =>
            {
                out.push('\n');
            }
            _ => {}
        }
    }
    add(&mut out, rest);
    out
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    let wanted = wanted.as_bytes();
    text.as_bytes().windows(wanted.len()).position(|piece| piece.eq_ignore_ascii_case(wanted))
}

/// Adds text with its references resolved; line breaks in the source are no line breaks on the page.
fn add(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        flow(out, &rest[..at]);
        rest = &rest[at..];
        let name = rest[1..]
            .split_once(';')
            .map(|(name, _)| name)
            .filter(|name| name.len() <= 10 && name.is_ascii());
        if let Some((name, ch)) = name.and_then(|name| Some((name, character(name)?))) {
            out.push(ch);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    flow(out, rest);
}

fn flow(out: &mut String, text: &str) {
    for ch in text.chars() {
        if !matches!(ch, '\r' | '\n') {
            out.push(ch);
        } else if out.ends_with(|c: char| c.is_ascii_graphic()) {
            out.push(' ');
        }
    }
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" => ' ',
        "middot" => '·',
        "mdash" => '—',
        "ndash" => '–',
        "hellip" => '…',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "times" => '×',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_is_kept_and_the_rest_goes() {
        let html = "<html><head><title>通知</title><style>p{}</style></head><body><!-- 不见 --><P>防汛\n抗旱&amp;&#20013;</P>\
                    <script>if (a<b) {}</script><table><tr><td>甲<td>乙</tr></table>1 < 2";
        assert_eq!(visible(html).trim(), "通知\n防汛抗旱&中\n\t甲\t乙\n1 < 2");
    }

    #[test]
    fn what_is_cut_off_is_no_fall() {
        for html in
            ["<", "<p", "<!--", "<![CDATA[", "<script>", "&", "&#;", "&#xffffffff;", "甲<", "<meta 閏"]
        {
            visible(html);
        }
    }
}
