//! Setting a text in a box: in lines, as large as it may be and as small as it must.

use super::script::{is_joined, runs_right_to_left};
use super::wrap::{never_begins_a_line, never_ends_a_line, wrap};
use super::{Align, BASELINE, MM_PER_PT, Mark, Measure, Point, Style, width_in_ems};

/// From one baseline to the next, in ems.
pub const LEADING: f64 = 1.25;

/// The size is tried in steps of this many points.
const STEP: f64 = 0.5;

/// A box on the paper, in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

impl Area {
    /// The box without a rim of `by` on each side.
    #[must_use]
    pub fn inset(self, by: f64) -> Self {
        Self {
            x: self.x + by,
            y: self.y + by,
            width: (self.width - 2.0 * by).max(0.1),
            height: (self.height - 2.0 * by).max(0.1),
        }
    }
}

/// A text in lines of one size.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The size in points.
    pub size: f64,
    /// The lines, as places in the text.
    pub lines: Vec<std::ops::Range<usize>>,
}

impl Block {
    /// Its height in millimetres.
    pub fn height(&self) -> f64 {
        height(self.lines.len(), self.size)
    }
}

/// The height in millimetres of so many lines of a size.
pub fn height(lines: usize, size: f64) -> f64 {
    match lines {
        0 => 0.0,
        #[allow(clippy::cast_precision_loss)] // no text has 2^52 lines
        lines => ((lines - 1) as f64 * LEADING + 1.0) * size * MM_PER_PT,
    }
}

/// Sets a text in lines no wider than `width` millimetres, smaller where a number or a date would be
/// torn otherwise.
pub fn in_width(text: &str, style: Style, width: f64, measure: &dyn Measure) -> Block {
    in_box(text, style, width, f64::INFINITY, measure)
}

/// Sets a text so that it fits a box, if its smallest size does; else in its smallest size.
pub fn in_box(text: &str, style: Style, width: f64, height: f64, measure: &dyn Measure) -> Block {
    let mut size = style.size;
    loop {
        let set = wrap(text, style.role, width / (size * MM_PER_PT), measure);
        let block = Block { size, lines: set.lines };
        if (!set.forced && block.height() <= height + 1e-9) || size - STEP < style.smallest {
            // Where even the smallest size tears a word, the full size reads better, if it has the room.
            if set.forced && size < style.size {
                let large = wrap(text, style.role, width / (style.size * MM_PER_PT), measure);
                let large = Block { size: style.size, lines: large.lines };
                if large.height() <= height {
                    return large;
                }
            }
            return block;
        }
        size -= STEP;
    }
}

/// The size of type that is still read, with a glass.
const LAST_RESORT: f64 = 3.5;

/// Sets a text so that it fits a box, in type smaller than the form's smallest where nothing else helps: a
/// title of two thousand characters is not lost, and not printed over what stands below.
pub fn squeezed(text: &str, style: Style, width: f64, height: f64, measure: &dyn Measure) -> Block {
    let block = in_box(text, style, width, height, measure);
    if block.height() <= height + 1e-9 {
        return block;
    }
    in_box(text, Style { smallest: LAST_RESORT.min(style.smallest), ..style }, width, height, measure)
}

/// Puts a text in a box, in the middle between top and bottom.
pub fn place(text: &str, style: Style, area: Area, measure: &dyn Measure, marks: &mut Vec<Mark>) {
    match style.align {
        Align::Vertical => place_vertically(text, style, area, measure, marks),
        Align::Spread => place_spread(text, style, area, measure, marks),
        Align::Left | Align::Centre | Align::Right => {
            let block = squeezed(text, style, area.width, area.height, measure);
            place_block(text, &block, style, area, measure, marks);
        }
    }
}

/// Puts a block already set in a box, in the middle between top and bottom.
pub fn place_block(
    text: &str,
    block: &Block,
    style: Style,
    area: Area,
    measure: &dyn Measure,
    marks: &mut Vec<Mark>,
) {
    let em = block.size * MM_PER_PT;
    let mut y = area.y + ((area.height - block.height()) / 2.0).max(0.0) + BASELINE * em;
    let right_to_left = runs_right_to_left(text);
    for line in &block.lines {
        let line = &text[line.clone()];
        let room = area.width - width_in_ems(line, style.role, measure) * em;
        let x = match style.align {
            Align::Centre => area.x + room / 2.0,
            Align::Right => area.x + room,
            Align::Left if right_to_left => area.x + room,
            _ => area.x,
        };
        marks.push(Mark::Text {
            at: Point { x, y },
            text: line.into(),
            role: style.role,
            size: block.size,
            tracking: 0.0,
        });
        y += LEADING * em;
    }
}

/// 分散对齐: first and last character at the edges, the rest evenly between; a text too long for
/// one line is set in lines instead.
fn place_spread(text: &str, style: Style, area: Area, measure: &dyn Measure, marks: &mut Vec<Mark>) {
    let em = style.size * MM_PER_PT;
    let natural: f64 = text.chars().map(|c| measure.advance(style.role, c)).sum::<f64>() * em;
    let count = text.chars().count();
    if count < 2 || natural > area.width || text.chars().any(is_joined) {
        return place(text, style.aligned(Align::Centre), area, measure, marks);
    }
    #[allow(clippy::cast_precision_loss)]
    let tracking = (area.width - natural) / (count - 1) as f64;
    let y = area.y + (area.height - em) / 2.0 + BASELINE * em;
    marks.push(Mark::Text {
        at: Point { x: area.x, y },
        text: text.into(),
        role: style.role,
        size: style.size,
        tracking,
    });
}

/// 直排: one character under the other; numbers and Latin words stand upright in one square.
fn place_vertically(text: &str, style: Style, area: Area, measure: &dyn Measure, marks: &mut Vec<Mark>) {
    let squares = squares(text);
    if squares.is_empty() {
        return;
    }
    let step = 1.12;
    let mut size = style.size;
    let columns = |size: f64| {
        let each = (area.height / (size * MM_PER_PT * step)).floor().max(1.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        vertical_lines(&squares, each as usize)
    };
    #[allow(clippy::cast_precision_loss)]
    while size - STEP >= LAST_RESORT.min(style.smallest)
        && columns(size).len() as f64 * size * MM_PER_PT * LEADING > area.width
    {
        size -= STEP;
    }
    let em = size * MM_PER_PT;
    let columns = columns(size);
    // Columns run from right to left.
    #[allow(clippy::cast_precision_loss)]
    let mut x = area.x + f64::midpoint(area.width, (columns.len() as f64 - 1.0) * em * LEADING);
    for column in &columns {
        #[allow(clippy::cast_precision_loss)]
        let used = column.len() as f64 * em * step;
        let mut y = area.y + if columns.len() > 1 { 0.0 } else { (area.height - used) / 2.0 } + BASELINE * em;
        for square in *column {
            let square: String = square.chars().map(upright).collect();
            let natural = width_in_ems(&square, style.role, measure);
            let shrunk = if natural > 1.3 { size * 1.3 / natural } else { size };
            let width = natural * shrunk * MM_PER_PT;
            marks.push(Mark::Text {
                at: Point { x: x - width / 2.0, y },
                text: square.into(),
                role: style.role,
                size: shrunk,
                tracking: 0.0,
            });
            y += em * step;
        }
        x -= em * LEADING;
    }
}

/// The squares of each vertical line, at most `each`: none begins with what closes or ends with what opens.
fn vertical_lines<'s, 't>(squares: &'s [&'t str], each: usize) -> Vec<&'s [&'t str]> {
    let hangs = |before: &str, after: &str| {
        before.ends_with(never_ends_a_line) || after.starts_with(never_begins_a_line)
    };
    let mut lines = Vec::new();
    let mut rest = squares;
    while rest.len() > each {
        let fits = |at: &usize| !hangs(rest[at - 1], rest[*at]);
        let at = (1..=each).rev().find(fits).unwrap_or(each);
        let (line, after) = rest.split_at(at);
        lines.push(line);
        rest = after;
    }
    lines.push(rest);
    lines
}

/// What stands in one square of a vertical line: a character, or a short run of digits.
pub fn squares(text: &str) -> Vec<&str> {
    let mut squares = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let run = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let length = if (1..=4).contains(&run) { run } else { first.len_utf8() };
        let (square, after) = rest.split_at(length);
        if !square.trim().is_empty() {
            squares.push(square);
        }
        rest = after;
    }
    squares
}

/// The vertical form of brackets, dashes and pauses (U+FE10 to U+FE44).
fn upright(c: char) -> char {
    match c {
        '，' => '︐',
        '、' => '︑',
        '。' => '︒',
        '：' => '︓',
        '；' => '︔',
        '…' => '︙',
        '—' => '︱',
        '（' | '(' => '︵',
        '）' | ')' => '︶',
        '〔' => '︹',
        '〕' => '︺',
        '【' => '︻',
        '】' => '︼',
        '《' => '︽',
        '》' => '︾',
        '〈' => '︿',
        '〉' => '﹀',
        '「' => '﹁',
        '」' => '﹂',
        '『' => '﹃',
        '』' => '﹄',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Plain;
    use super::*;
    use crate::fonts::Role;

    fn style() -> Style {
        Style { role: Role::Song, size: 12.0, smallest: 6.0, align: Align::Left }
    }

    #[test]
    fn a_date_too_wide_is_set_smaller_not_torn() {
        let em = 12.0 * MM_PER_PT;
        let block = in_width("2004、12、16", style(), 5.0 * em, &Plain);
        assert_eq!(block.lines.len(), 1);
        assert!(block.size < 12.0);
    }

    #[test]
    fn a_text_shrinks_until_it_fits_its_box() {
        let text = "关于做好二〇〇四年防汛抗旱救灾工作的通知".repeat(4);
        let block = in_box(&text, style(), 40.0, 20.0, &Plain);
        assert!(block.height() <= 20.0, "{} mm", block.height());
        let text = text.repeat(40);
        assert!((in_box(&text, style(), 40.0, 20.0, &Plain).size - 6.0).abs() < 1e-9);
    }

    #[test]
    fn a_spread_name_reaches_from_edge_to_edge() {
        let area = Area { x: 10.0, y: 0.0, width: 100.0, height: 10.0 };
        let mut marks = Vec::new();
        place("县人民政府", style().aligned(Align::Spread), area, &Plain, &mut marks);
        let [Mark::Text { at, tracking, .. }] = &marks[..] else { panic!("{marks:?}") };
        let em = 12.0 * MM_PER_PT;
        assert!((at.x - 10.0).abs() < 1e-9);
        assert!((at.x + 5.0 * em + 4.0 * tracking - 110.0).abs() < 1e-9);
    }

    #[test]
    fn a_vertical_line_neither_begins_with_a_pause_nor_ends_with_a_bracket() {
        let lines = |text: &str, each: usize| -> Vec<String> {
            vertical_lines(&squares(text), each).iter().map(|line| line.concat()).collect()
        };
        assert_eq!(lines("批复、请示", 2), ["批", "复、", "请示"]);
        assert_eq!(lines("通报（第12期）等", 4), ["通报", "（第12", "期）等"]);
        assert_eq!(lines("防汛抗旱", 4), ["防汛抗旱"]);
    }

    #[test]
    fn a_vertical_title_stays_in_its_box_and_loses_nothing() {
        let area = Area { x: 0.0, y: 0.0, width: 12.0, height: 60.0 };
        let mut marks = Vec::new();
        let title = "县政府办公室关于2004年防汛（抗旱）工作的通知";
        place(title, style().aligned(Align::Vertical), area, &Plain, &mut marks);
        let mut set = String::new();
        for mark in &marks {
            let Mark::Text { at, text, .. } = mark else { panic!() };
            assert!(at.x >= 0.0 && at.x <= 12.0 && at.y <= 60.0, "{at:?}");
            set.push_str(text);
        }
        assert_eq!(set, title.replace('（', "︵").replace('）', "︶"));
    }
}
