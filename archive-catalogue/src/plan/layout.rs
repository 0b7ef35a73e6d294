//! The sheets and columns of a plan: said once, for writing and for reading.

/// A sheet with its columns.
pub(super) struct SheetLayout {
    pub(super) name: &'static str,
    /// Header and width in half-width characters.
    pub(super) columns: &'static [(&'static str, f64)],
}

impl SheetLayout {
    /// The place of a column, from 0.
    pub(super) fn at(&self, header: &str) -> u16 {
        let place = self.columns.iter().position(|(name, _)| *name == header);
        place.and_then(|place| u16::try_from(place).ok()).unwrap_or(u16::MAX)
    }
}

/// A line for each volume.
pub(super) const VOLUMES: SheetLayout = SheetLayout {
    name: "案卷",
    columns: &[
        (VOLUME, 6.0),
        (YEAR, 7.0),
        (SIDE, 6.0),
        (PERIOD, 11.0),
        (SECTION, 14.0),
        (TITLE, 60.0),
        (CONFIRMED, 7.0),
        ("件数", 6.0),
        ("页数", 7.0),
        ("起止日期", 23.0),
        ("组卷理由", 44.0),
        ("档号", 18.0),
        (DOUBT, 30.0),
    ],
};

/// A line for each item.
pub(super) const CONTENTS: SheetLayout = SheetLayout {
    name: "卷内",
    columns: &[
        (VOLUME, 8.0),
        (POSITION, 7.0),
        (ROW, 8.0),
        ("责任者", 24.0),
        ("文号", 22.0),
        (TITLE, 60.0),
        ("日期", 12.0),
        ("页数", 6.0),
        ("所在理由", 40.0),
        (DOUBT, 26.0),
        (REASON, 24.0),
        (KEY, 8.0),
    ],
};

/// The ties that a person should look at.
pub(super) const TIES: SheetLayout = SheetLayout {
    name: "存疑关联",
    columns: &[
        (FROM, 8.0),
        ("题名", 44.0),
        (KIND, 11.0),
        (TO, 10.0),
        ("关联件题名", 44.0),
        ("把握", 7.0),
        ("依据", 44.0),
        (DECISION, 9.0),
        (FROM_KEY, 8.0),
        (TO_KEY, 8.0),
    ],
};

/// Every reason with its rule.
pub(super) const REASONS: SheetLayout = SheetLayout {
    name: "理由",
    columns: &[(VOLUME, 8.0), (ROW, 8.0), (TITLE, 50.0), ("规则", 7.0), ("理由", 70.0), ("出处", 24.0)],
};

/// How to work with it.
pub(super) const GUIDE: &str = "说明";

/// Hidden: the items the plan was made of, so that a deleted line is told from a late item.
pub(super) const MADE_OF: SheetLayout = SheetLayout { name: "原案", columns: &[(KEY, 10.0)] };

/// 卷: which volume, by its number in this plan.
pub(super) const VOLUME: &str = "卷";
/// 年度.
pub(super) const YEAR: &str = "年度";
/// 党政.
pub(super) const SIDE: &str = "党政";
/// 保管期限.
pub(super) const PERIOD: &str = "保管期限";
/// 归档机构.
pub(super) const SECTION: &str = "归档机构";
/// 题名: of a volume, of an item.
pub(super) const TITLE: &str = "题名";
/// 确认: a volume is right as it stands.
pub(super) const CONFIRMED: &str = "确认";
/// 位次: the place in the volume.
pub(super) const POSITION: &str = "位次";
/// 序号 in the register.
pub(super) const ROW: &str = "序号";
/// 疑点.
pub(super) const DOUBT: &str = "疑点";
/// 改动理由: why a person changed it.
pub(super) const REASON: &str = "改动理由";
/// The item's identity, hidden.
pub(super) const KEY: &str = "标识";
/// The one that is something for the other.
pub(super) const FROM: &str = "序号";
/// What it is.
pub(super) const KIND: &str = "关联关系";
/// The other.
pub(super) const TO: &str = "关联序号";
/// 决定: whether the tie holds.
pub(super) const DECISION: &str = "决定";
/// The first one's identity, hidden.
pub(super) const FROM_KEY: &str = "标识";
/// The other's identity, hidden.
pub(super) const TO_KEY: &str = "关联标识";

/// A volume is right, a tie holds.
pub(super) const YES: &str = "是";
/// A tie holds.
pub(super) const HOLDS: &str = "成立";
/// A tie doesn't hold.
pub(super) const REFUSED: &str = "不成立";
/// In the column of volumes: the item goes into none.
pub(super) const LEFT_OUT: &str = "不归档";
