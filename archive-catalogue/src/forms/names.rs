//! Name cards (人物卡片, F3): for each person the records that speak of them, on cards of 125 x 75 mm.
//!
//! Persons are those that titles name with a form of address (赵㛃、孙䶮同志, 刘堃喆等17名同志, 李明烈士). A name is
//! read back from that word: parts between pauses, each with a known surname in front. What doesn't read
//! as a name is left out rather than guessed at; the archivist writes the cards that are missing by hand,
//! and each card has room for more.

use std::collections::BTreeMap;

use archive_core::model::{Entry, Volume};

use crate::book::Book;
use crate::document::{Border, Document, Grid, GridCell, GridRow, Part};
use crate::fonts::Role;
use crate::layout::{Align, Paper, Style, is_han, printable};

/// Lines of records on a card.
const LINES: usize = 5;
/// Cards on a sheet.
const CARDS: usize = 3;
const WIDTH: f64 = 125.0;

/// The cards of the book, by name.
pub fn cards(book: &Book<'_>) -> Document {
    let mut people: BTreeMap<String, Vec<(&Volume, &Entry)>> = BTreeMap::new();
    for (volume, entry) in book.entries() {
        let mut names = persons(&printable(&entry.title));
        names.sort();
        names.dedup();
        for name in names {
            people.entry(name).or_default().push((volume, entry));
        }
    }
    let cards: Vec<Vec<GridRow>> = people
        .iter()
        .flat_map(|(name, entries)| {
            let all = entries.len().div_ceil(LINES);
            entries.chunks(LINES).enumerate().map(move |(at, lines)| card(book, name, at + 1, all, lines))
        })
        .collect();
    let parts = cards
        .chunks(CARDS)
        .enumerate()
        .map(|(at, cards)| {
            let mut rows = Vec::new();
            for card in cards {
                rows.extend(card.iter().cloned());
                rows.push(GridRow::space(9.0));
            }
            Part::new(&format!("第{}张", at + 1), Paper::A4, Grid::new(rows))
        })
        .collect();
    crate::print::document(book, "人物卡片", parts)
}

fn card(book: &Book<'_>, name: &str, number: usize, of: usize, lines: &[(&Volume, &Entry)]) -> Vec<GridRow> {
    let label = Style { role: Role::Hei, size: 10.5, smallest: 6.0, align: Align::Centre };
    let value = Style { role: Role::Song, size: 9.0, smallest: 5.0, align: Align::Left };
    let big = Style { role: Role::Kai, size: 16.0, smallest: 10.0, align: Align::Centre };
    let cell = |width: f64, text: &str, style: Style| GridCell::new(width, text, style).bordered(Border::Box);
    let which = if of > 1 { format!("{number}／{of}") } else { String::new() };
    let mut rows = vec![
        GridRow::new(
            14.0,
            vec![
                cell(20.0, "姓　名", label),
                cell(45.0, name, big).named("姓名"),
                cell(20.0, "全宗号", label),
                cell(25.0, &book.institution.fonds, value.aligned(Align::Centre)),
                cell(15.0, &which, value.aligned(Align::Centre)),
            ],
        ),
        GridRow::new(
            8.0,
            vec![
                cell(35.0, "档　号", label),
                cell(60.0, "题　名", label),
                cell(20.0, "日　期", label),
                cell(10.0, "页号", label),
            ],
        ),
    ];
    for at in 0..LINES {
        let texts = lines.get(at).map_or_else(Default::default, |(volume, entry)| {
            [
                book.item_code(volume, entry),
                printable(&entry.title),
                book.item(entry).map_or_else(String::new, |item| book.item_date(&item.date)),
                super::grouped::first_page(entry),
            ]
        });
        let [code, title, date, page]: [String; 4] = texts;
        let middle = value.aligned(Align::Centre);
        rows.push(GridRow::new(
            10.6,
            vec![
                cell(35.0, &code, middle),
                cell(60.0, &title, value),
                cell(20.0, &date, middle),
                cell(10.0, &page, middle),
            ],
        ));
    }
    debug_assert!(
        rows.iter()
            .all(|row| { (row.cells.iter().map(|cell| cell.width).sum::<f64>() - WIDTH).abs() < 1e-9 })
    );
    rows
}

/// Forms of address that stand behind a name.
const ADDRESSES: [&str; 6] = ["同志", "烈士", "先生", "女士", "等人", "等同志"];

/// The persons a title names.
fn persons(title: &str) -> Vec<String> {
    let mut names = Vec::new();
    for address in ADDRESSES {
        for (at, _) in title.match_indices(address) {
            read_back(&title[..at], &mut names);
        }
    }
    names
}

/// Reads names backwards from a form of address.
fn read_back(text: &str, names: &mut Vec<String>) {
    // 等17名, 等五位, 两, 三名: how many they are.
    let text =
        text.trim_end_matches(|c: char| c.is_ascii_digit() || "名位人等两一二三四五六七八九十".contains(c));
    let parts: Vec<&str> = text.split(['、', '，', '和', '与', '及', ' ']).collect();
    let mut found = Vec::new();
    for (back, part) in parts.iter().rev().enumerate() {
        match name_at_end(part) {
            // Between pauses stands nothing but the name; only in front of the first the sentence goes on.
            Some((name, whole)) => {
                found.push(name.to_owned());
                if !whole {
                    break;
                }
            }
            None if back == 0 => return,
            None => break,
        }
    }
    found.reverse();
    names.append(&mut found);
}

/// The name a text ends with, and whether it is nothing but this name. Where two surnames fit, the longer
/// sentence before it decides: a name follows a word, so the part before must end in one.
fn name_at_end(text: &str) -> Option<(&str, bool)> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let mut best = None;
    for length in [4, 3, 2] {
        let Some(&begin) = starts.len().checked_sub(length).and_then(|at| starts.get(at)) else { continue };
        let (before, name) = text.split_at(begin);
        let is_word = WORDS_BEFORE.iter().any(|word| word.len() > 3 && name.starts_with(word));
        if is_word || !name.chars().all(is_han) || !has_surname(name, length) {
            continue;
        }
        if before.is_empty() {
            return Some((name, true));
        }
        if WORDS_BEFORE.iter().any(|word| before.ends_with(word)) {
            best = best.or(Some((name, false)));
        }
    }
    best
}

fn has_surname(name: &str, length: usize) -> bool {
    let double = DOUBLE_SURNAMES.iter().any(|surname| name.starts_with(surname));
    let single = name.chars().next().is_some_and(|first| SURNAMES.contains(first));
    match length {
        4 => double,
        3 => double || single,
        _ => single,
    }
}

/// Words a name follows in titles.
const WORDS_BEFORE: [&str; 30] = [
    "关于", "任命", "免去", "给予", "授予", "追授", "表彰", "同意", "接收", "聘任", "聘请", "推荐", "批准",
    "吸收", "对", "向", "为", "将", "给", "于", "决定", "任免", "学习", "悼念", "追认", "撤销", "开除",
    "选举", "提名", "调整",
];

/// Double surnames.
const DOUBLE_SURNAMES: [&str; 14] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "夏侯", "令狐", "端木",
    "长孙",
];

/// Surnames, the commonest three hundred or so.
const SURNAMES: &str = "\
王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪\
范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍\
庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻\
祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾\
隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区\
普次才扎多格索达尼旺洛";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_from_the_form_of_address() {
        assert_eq!(persons("临江县人民政府关于赵㛃同志任职的通知"), ["赵㛃"]);
        assert_eq!(persons("关于孙䶮、周𬱖两同志职务任免的通知"), ["孙䶮", "周𬱖"]);
        assert_eq!(persons("关于刘堃喆等17名同志试用期满正式任职的通知"), ["刘堃喆"]);
        assert_eq!(persons("县委关于追授欧阳明远同志荣誉称号的决定"), ["欧阳明远"]);
        assert_eq!(persons("任命王建国、李红为副主任，免去张伟同志职务"), ["张伟"]);
    }

    #[test]
    fn what_names_nobody_gives_no_card() {
        assert_eq!(persons("关于老同志工作的意见"), [""; 0]);
        assert_eq!(persons("关于做好离退休同志慰问工作的通知"), [""; 0]);
        assert_eq!(persons("关于防汛抗旱工作的报告"), [""; 0]);
    }
}
