//! The rows of a national list, in little room: a list may have a million, and most are never spoken of.

/// Rows of named values.
#[derive(Debug, Default)]
pub(super) struct Rows {
    columns: Vec<Box<str>>,
    /// All values, one after the other.
    text: String,
    /// Column, and where in `text` its value ends.
    cells: Vec<(u8, u32)>,
    /// Where in `cells` each row begins.
    begins: Vec<u32>,
    /// Whether there was more than has room.
    cut: bool,
}

/// The most columns and bytes taken; what a list has beyond them is no list.
const MAX_COLUMNS: usize = 64;
const MAX_TEXT: usize = 1 << 30;
const MAX_CELLS: usize = 48 << 20;
const MAX_ROWS: usize = 4_000_000;

impl Rows {
    /// Begins a row.
    pub(super) fn begin(&mut self) {
        if self.begins.len() >= MAX_ROWS {
            self.cut = true;
            return;
        }
        self.begins.push(u32::try_from(self.cells.len()).unwrap_or(u32::MAX));
    }

    /// Puts a value into the last row. The same column put again in one row is not taken.
    pub(super) fn put(&mut self, column: &str, value: &str) {
        let known = self.columns.iter().position(|known| **known == *column);
        let at = known.unwrap_or_else(|| {
            self.columns.push(column.into());
            self.columns.len() - 1
        });
        let Some(&begin) = self.begins.last().filter(|_| !self.cut) else { return };
        if at >= MAX_COLUMNS || self.text.len() + value.len() > MAX_TEXT || self.cells.len() >= MAX_CELLS {
            self.cut |= at < MAX_COLUMNS;
            self.columns.truncate(MAX_COLUMNS);
            return;
        }
        let Ok(column) = u8::try_from(at) else { return };
        if self.cells.get(begin as usize..).is_some_and(|row| row.iter().any(|(known, _)| *known == column)) {
            return;
        }
        self.text.push_str(value);
        self.cells.push((column, u32::try_from(self.text.len()).unwrap_or(u32::MAX)));
    }

    /// Whether there was more than has room.
    pub(super) fn cut(&self) -> bool {
        self.cut
    }

    pub(super) fn len(&self) -> usize {
        self.begins.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.begins.is_empty()
    }

    /// The rows, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Values<'_>> {
        (0..self.len()).map(|row| Values { rows: self, row })
    }
}

/// The values of one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'a> {
    rows: &'a Rows,
    row: usize,
}

impl<'a> Values<'a> {
    /// Columns and values, as they stand.
    pub(super) fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let Rows { columns, text, cells, begins, .. } = self.rows;
        let end_of = |row: usize| begins.get(row).map_or(cells.len(), |begin| *begin as usize);
        let (from, to) = (end_of(self.row), end_of(self.row + 1));
        (from..to).filter_map(move |cell| {
            let (column, end) = cells.get(cell)?;
            let start = cell.checked_sub(1).and_then(|before| cells.get(before)).map_or(0, |(_, end)| *end);
            Some((&**columns.get(usize::from(*column))?, text.get(start as usize..*end as usize)?))
        })
    }

    /// The value of a column, if the row has it.
    pub(super) fn get(self, column: &str) -> Option<&'a str> {
        self.iter().find(|(name, _)| *name == column).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_give_back_what_was_put_in() {
        let mut rows = Rows::default();
        for values in [&[("档号", "J019"), ("题名", "通知"), ("档号", "再来")][..], &[], &[("题名", "")]]
        {
            rows.begin();
            for (column, value) in values {
                rows.put(column, value);
            }
        }
        let read: Vec<Vec<(&str, &str)>> = rows.iter().map(|row| row.iter().collect()).collect();
        assert_eq!(read, [vec![("档号", "J019"), ("题名", "通知")], vec![], vec![("题名", "")]]);
        assert_eq!(rows.iter().next().and_then(|row| row.get("题名")), Some("通知"));
    }
}
