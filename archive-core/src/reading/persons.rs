//! The persons a title names.
//!
//! A title names people in two ways. Behind the name stands a form of address (赵㛃、孙䶮同志, 刘堃喆等17名同志, 李明烈士), from
//! which it is read back; or the sentence itself says that a name comes: what appoints, removes, commends or punishes
//! somebody (任命王建国为副主任, 免去张伟县财政局局长职务, 关于王建国任职的通知, 给予李红记过处分). There, a name is only what a word
//! that can follow one stands behind, too.
//!
//! A name is a known surname with one or two characters, or a given name and a father's with a dot between
//! (买买提·艾力). Offices, places and common words that begin with a surname (高新区, 常委会, 严重) are none. What doesn't
//! read as a name is left out rather than guessed at.

/// The persons a title names, each once, in the order the title does.
///
/// ```
/// use archive_core::reading::persons;
///
/// assert_eq!(persons("关于任命王建国、李红为副主任的通知"), ["王建国", "李红"]);
/// assert!(persons("关于高新区任免工作的意见").is_empty());
/// ```
pub fn persons(title: &str) -> Vec<String> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for address in ADDRESSES {
        for (at, _) in title.match_indices(address) {
            read_back(&title[..at], &mut found);
        }
    }
    for sentence in &SENTENCES {
        for word in sentence.before {
            for (at, _) in title.match_indices(word) {
                read_on(title, at + word.len(), sentence, &mut found);
            }
        }
    }
    found.sort_unstable();
    let mut names: Vec<String> = Vec::new();
    for (_, name) in found {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// Forms of address, and what else stands right behind a name.
const ADDRESSES: [&str; 7] = ["同志", "烈士", "先生", "女士", "等人", "等同志", "职务"];

/// What stands between names.
const PAUSES: [char; 6] = ['、', '，', '和', '与', '及', ' '];

/// A way to say that a name comes: the words before it, and those that must follow the last one.
struct Sentence {
    before: &'static [&'static str],
    behind: &'static [&'static str],
    /// Whether the post itself may follow, up to 职务.
    post: bool,
}

impl Sentence {
    fn goes_on(&self, rest: &str) -> bool {
        self.behind.iter().any(|word| rest.starts_with(word))
            || counts_people(rest)
            || (self.post && begins_with_post(rest))
    }
}

/// 等17名干部, 等三位.
fn counts_people(text: &str) -> bool {
    text.strip_prefix('等').is_some_and(|rest| {
        let people = rest.trim_start_matches(is_numeral);
        people.len() < rest.len() && people.starts_with(['名', '位', '人'])
    })
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "两一二三四五六七八九十".contains(c)
}

/// Whether a text begins with a post and 职务: 县财政局副局长职务. In 县财政局局长张伟职务 the name comes behind.
fn begins_with_post(text: &str) -> bool {
    text.split_once("职务").is_some_and(|(post, _)| {
        (2..=25).contains(&post.chars().count())
            && post.ends_with(['长', '任', '记', '员', '师', '席', '理'])
            && POST_BEGINS.iter().any(|word| post.starts_with(word))
    })
}

/// What a post begins with.
const POST_BEGINS: [&str; 36] = [
    "县",
    "市",
    "省",
    "中共",
    "党",
    "国土",
    "财政",
    "教育",
    "农业",
    "林业",
    "水利",
    "交通",
    "民政",
    "公安",
    "卫生",
    "审计",
    "统计",
    "人事",
    "劳动",
    "建设",
    "环保",
    "环境",
    "司法",
    "工商",
    "税务",
    "粮食",
    "文化",
    "体育",
    "人民",
    "人大",
    "政协",
    "政府",
    "办公室",
    "副",
    "主任",
    "局",
];

/// How titles appoint, remove, commend and punish.
const SENTENCES: [Sentence; 5] = [
    Sentence {
        before: &[
            "任命", "聘任", "聘请", "提名", "推荐", "选举", "补选", "增补", "确定", "吸收", "接收", "同意",
            "批准", "指定",
        ],
        behind: &["为", "任", "担任", "兼任", "挂任", "等", "辞去", "辞职", "退休", "入党", "调入", "调出"],
        post: false,
    },
    Sentence {
        before: &["免去", "撤销", "罢免", "解聘", "暂停"],
        behind: &["的", "同志", "等", "职务", "兼任", "兼", "所任"],
        post: true,
    },
    Sentence {
        before: &["关于", "对", "将", "干部"],
        behind: &[
            "任职",
            "免职",
            "任免职",
            "任免的",
            "任免职务",
            "任免通知",
            "任免决定",
            "职务任免",
            "职务的",
            "担任",
            "兼任",
            "等任",
            "等免",
            "等职务",
            "等同志",
            "等干部",
            "等人",
            "辞职",
            "辞去",
            "离任",
            "退休",
            "工作调动",
            "试用期",
            "违纪",
            "违法",
            "严重违",
            "受贿",
            "贪污",
            "处分",
            "的处分",
            "的处理决定",
            "的考察",
        ],
        post: false,
    },
    Sentence {
        before: &["给予", "开除", "处分", "追究"],
        behind: &[
            "处分",
            "的处分",
            "行政",
            "党内",
            "党纪",
            "政务",
            "警告",
            "记过",
            "记大过",
            "降级",
            "撤职",
            "开除",
            "留党",
            "记功",
            "嘉奖",
            "表彰",
            "通报",
            "奖励",
            "等",
            "公职",
            "党籍",
            "的责任",
        ],
        post: false,
    },
    Sentence {
        before: &["授予", "追授", "追认", "表彰", "奖励", "嘉奖", "学习", "悼念"],
        behind: &[
            "“", "‘", "《", "等", "为", "荣誉", "劳动", "先进", "优秀", "革命", "烈士", "县级", "市级",
            "省级",
        ],
        post: false,
    },
];

/// Reads names backwards from a form of address.
fn read_back<'t>(text: &'t str, found: &mut Vec<(usize, &'t str)>) {
    // 等17名, 等五位, 两, 三名: how many they are.
    let mut end = text.trim_end_matches(|c: char| is_numeral(c) || "名位人等".contains(c)).len();
    // Between pauses stands nothing but the name; only in front of the first the sentence goes on.
    loop {
        let begin = text[..end]
            .rfind(PAUSES)
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        let part = &text[begin..end];
        let Some(name) = name_at_end(part) else { return };
        found.push((end - name.len(), name));
        if name.len() < part.len() || begin == 0 {
            return;
        }
        end = text[..begin].trim_end_matches(PAUSES).len();
    }
}

/// Reads names on from a word that lets one expect them, if a word that can follow them stands behind.
fn read_on<'t>(title: &'t str, begin: usize, sentence: &Sentence, found: &mut Vec<(usize, &'t str)>) {
    let mut names = Vec::new();
    let mut at = begin;
    loop {
        let text = &title[at..];
        let ends = |rest: &str| sentence.goes_on(rest);
        let pauses = |rest: &str| rest.starts_with(PAUSES);
        let (last, next) = (name_before(text, &ends), name_before(text, &pauses));
        // 和 may be a pause, and the surname of the next: the end of the list counts first.
        if let Some(name) = last {
            names.push((at, name));
            found.append(&mut names);
            return;
        }
        let Some(name) = next else { return };
        names.push((at, name));
        at += name.len();
        at += title[at..].chars().next().map_or(0, char::len_utf8);
    }
}

/// The name a text begins with, where what follows it may follow a name; the longest.
fn name_before<'t>(text: &'t str, may_follow: &dyn Fn(&str) -> bool) -> Option<&'t str> {
    let run = text.find(|c: char| !is_name_character(c)).unwrap_or(text.len());
    let longest = if text[..run].contains('·') { 13 } else { 4 };
    (2..=longest)
        .rev()
        .filter_map(|length| text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(length))
        .filter(|end| *end <= run)
        .find(|end| is_name(&text[..*end]) && may_follow(&text[*end..]))
        .map(|end| &text[..end])
}

/// The name a text ends with. Where two surnames fit, the longer sentence before it decides: a name follows a
/// word, so the part before must end in one.
fn name_at_end(text: &str) -> Option<&str> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let dotted = text.contains('·').then(|| {
        let word = |at: &&usize| WORDS_BEFORE.iter().any(|word| text[..**at].ends_with(word));
        let begin = starts.iter().rev().find(word).copied().unwrap_or(0);
        &text[begin..]
    });
    let plain = [4, 3, 2].into_iter().filter_map(|length| {
        let begin = *starts.get(starts.len().checked_sub(length)?)?;
        Some(&text[begin..])
    });
    dotted.into_iter().chain(plain).filter(|name| is_name(name)).find(|name| {
        let before = &text[..text.len() - name.len()];
        before.is_empty() || WORDS_BEFORE.iter().any(|word| before.ends_with(word))
    })
}

fn is_name_character(c: char) -> bool {
    is_han(c) || c == '·'
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Whether this reads as a name and nothing else.
fn is_name(text: &str) -> bool {
    if let Some((own, father)) = text.split_once('·') {
        let part = |part: &str| (1..=6).contains(&part.chars().count()) && part.chars().all(is_han);
        return part(own) && part(father) && own.chars().count() > 1;
    }
    let length = text.chars().count();
    let double = DOUBLE_SURNAMES.iter().any(|surname| text.starts_with(surname));
    let single = text.chars().next().is_some_and(|first| SURNAMES.contains(first));
    let named = match length {
        4 => double,
        3 => double || single,
        2 => single,
        _ => false,
    };
    named
        && text.chars().all(is_han)
        && !text.ends_with(OFFICE_ENDS)
        && !NO_NAMES.iter().any(|word| text.starts_with(word))
        && !WORDS_BEFORE.iter().any(|word| word.len() > 3 && text.starts_with(word))
}

/// With these end places and offices, and hardly any name.
const OFFICE_ENDS: [char; 21] = [
    '县', '市', '区', '乡', '镇', '局', '委', '办', '厅', '院', '校', '站', '所', '组', '处', '室', '厂',
    '队', '村', '等', '的',
];

/// Words that begin with a surname, and no name.
const NO_NAMES: &[&str] = &[
    "常委", "常务", "党组", "党委", "党员", "党校", "党政", "党务", "党群", "党支", "党风", "安全", "高级",
    "高中", "高新", "高速", "高考", "金融", "石油", "文化", "文物", "文教", "文艺", "文明", "农村", "农业",
    "农民", "农机", "农场", "农林", "农资", "江河", "方案", "方面", "全体", "全县", "全国", "全市", "全乡",
    "全省", "全区", "全镇", "全面", "全员", "易地", "时任", "项目", "车辆", "车站", "成员", "成立", "成人",
    "和谐", "计划", "计生", "计委", "纪委", "纪检", "纪律", "单位", "单独", "管理", "季度", "房产", "房屋",
    "房管", "路政", "路桥", "路段", "游客", "解放", "解除", "师范", "商业", "商务", "商品", "连续", "牛羊",
    "马路", "林业", "林场", "林权", "林地", "关于", "关心", "关系", "万元", "万名", "史志", "应急", "应届",
    "应当", "储备", "周边", "周年", "向", "查处", "查办", "古树", "封山", "官兵", "司法", "边防", "边境",
    "卫生", "费用", "宗教", "乐队", "温泉", "康复", "武装", "武警", "白酒", "严打", "严重", "严格", "严肃",
    "申请", "申报", "施工", "华侨", "任务", "任期", "任职", "任免", "任命", "符合", "水利", "强化", "双拥",
    "于", "范围", "谈话", "满意", "干部", "贺信", "荣誉", "容量", "班子", "班组", "储蓄", "巩固", "南部",
    "冷库",
];

/// Words a name follows in titles.
const WORDS_BEFORE: [&str; 34] = [
    "长", "主任", "书记", "委员", "关于", "任命", "免去", "给予", "授予", "追授", "表彰", "同意", "接收",
    "聘任", "聘请", "推荐", "批准", "吸收", "对", "向", "为", "将", "给", "于", "决定", "任免", "学习",
    "悼念", "追认", "撤销", "开除", "选举", "提名", "调整",
];

/// Double surnames.
const DOUBLE_SURNAMES: [&str; 14] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "夏侯", "令狐", "端木",
    "长孙",
];

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
        assert_eq!(persons("关于王建国等同志任职的通知"), ["王建国"]);
        assert_eq!(persons("关于买买提·艾力、王芳同志任职的通知"), ["买买提·艾力", "王芳"]);
    }

    #[test]
    fn names_are_read_where_the_sentence_appoints_or_removes_somebody() {
        for (title, names) in [
            ("任命王建国、李红为副主任，免去张伟同志职务", &["王建国", "李红", "张伟"][..]),
            ("关于任命王建国为县财政局局长的通知", &["王建国"]),
            ("免去张伟县财政局副局长职务", &["张伟"]),
            ("关于免去王建国县国土局局长职务的通知", &["王建国"]),
            ("关于免去张伟国土资源局局长职务的决定", &["张伟"]),
            ("关于免去李红的副县长职务的决定", &["李红"]),
            ("临溪县人民政府关于王建国任职的通知", &["王建国"]),
            ("关于王建国、李红和张小明任免职的通知", &["王建国", "李红", "张小明"]),
            ("关于王建国等任职的通知", &["王建国"]),
            ("关于王建国等17名干部职务任免的通知", &["王建国"]),
            ("关于欧阳明远辞去县长职务的报告", &["欧阳明远"]),
            ("关于给予李红行政记过处分的决定", &["李红"]),
            ("免去江口县财政局局长张伟职务", &["张伟"]),
            ("关于撤销县教育局副局长李红职务的决定", &["李红"]),
            ("关于开除张伟公职的决定", &["张伟"]),
            ("关于授予王建国“劳动模范”称号的决定", &["王建国"]),
            ("关于表彰王建国等先进个人的决定", &["王建国"]),
            ("关于王建国违纪问题的处理决定", &["王建国"]),
            ("聘任陈某为法律顾问", &["陈某"]),
            ("关于提名刘某任副县长的通知", &["刘某"]),
            ("任命买买提·艾力为副局长", &["买买提·艾力"]),
        ] {
            assert_eq!(persons(title), names, "{title}");
        }
    }

    #[test]
    fn places_offices_and_common_words_are_no_persons() {
        for title in [
            "关于老同志工作的意见",
            "关于做好离退休同志慰问工作的通知",
            "关于防汛抗旱工作的报告",
            "关于高新区等任免事项的通知",
            "关于高新区任职人员的通知",
            "县人大常委会任免名单",
            "关于常委会任免职务的通知",
            "关于任命党委书记为总指挥的通知",
            "关于党组成员任职的通知",
            "关于林业局任职培训的通知",
            "关于张家村任职干部的通知",
            "关于石门镇干部任免的通知",
            "关于马坝乡、石桥镇和白沙乡等任免的通知",
            "关于给予严重警告处分的规定",
            "关于给予农业补贴的通知",
            "关于给予高级教师奖励的通知",
            "关于授予全国劳动模范荣誉称号的决定",
            "关于表彰先进单位等的决定",
            "关于同意江州市为试点市的批复",
            "关于同意方案的批复",
            "关于批准计划任务书的批复",
            "关于撤销房管所的通知",
            "关于撤销江口乡人民政府的通知",
            "关于撤销石门县的通知",
            "关于任命通知的补充说明",
            "关于干部任免的通知",
            "关于车辆违法处理的通知",
            "关于高速公路违法建筑的处理决定",
            "关于单位职务任免程序的意见",
            "关于安全员任职条件的规定",
            "关于学习毛泽东思想的通知",
            "",
        ] {
            assert_eq!(persons(title), [""; 0], "{title}");
        }
    }
}
