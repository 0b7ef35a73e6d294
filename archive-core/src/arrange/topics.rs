//! The questions an office of a county or town deals with, by the words that tell them.
//!
//! Most registers leave the question (问题) of most papers open; an archivist sees it in the title. This
//! table is what they know: the fields of work of a local office and their words, after the way subject
//! headings of official papers are laid out. It is no scheme of classes and nothing is filed by it
//! alone: it only says of two papers without a question that both speak of, say, waterworks.

use aho_corasick::{AhoCorasick, MatchKind};

/// A question and the words that tell it; a longer word tells more.
pub(crate) struct Topic {
    /// What a volume's title calls it.
    pub(crate) name: &'static str,
    words: &'static [&'static str],
}

const fn topic(name: &'static str, words: &'static [&'static str]) -> Topic {
    Topic { name, words }
}

/// The table. Of two questions that fit alike the first counts.
pub(crate) static TOPICS: &[Topic] = &[
    topic("换届选举", &["换届选举", "换届", "选举", "选民", "候选人", "罢免"]),
    topic(
        "人民代表大会",
        &[
            "人民代表大会",
            "人大代表",
            "人代会",
            "人大会议",
            "主席团",
            "代表资格",
            "代表建议",
            "人大工作",
            "议案",
            "代表名额",
        ],
    ),
    topic("政协工作", &["政协", "提案", "政治协商"]),
    topic(
        "党的建设",
        &[
            "党支部",
            "党员",
            "党建",
            "基层组织",
            "党组织",
            "党费",
            "预备党员",
            "民主生活会",
            "党代会",
            "党代表",
            "党的建设",
            "党委换届",
            "党总支",
            "组织生活",
        ],
    ),
    topic(
        "党风廉政",
        &["党风廉政", "廉政", "违纪", "处分", "纪检", "行政监察", "监察局", "不正之风", "廉洁", "纪律检查"],
    ),
    topic(
        "宣传教育",
        &["宣传", "精神文明", "思想政治", "理论学习", "文明村", "文明单位", "主题教育", "五讲四美"],
    ),
    topic("统战民族宗教", &["统战", "宗教", "侨务", "归侨", "民族", "对台"]),
    topic("群众团体", &["共青团", "团委", "妇联", "妇女", "工会", "青年", "少先队", "老龄"]),
    topic(
        "人事任免",
        &["任免", "任职", "免职", "任命", "提名", "聘任", "职务", "同志退休", "试用期满", "挂职"],
    ),
    topic(
        "机构编制",
        &[
            "机构编制",
            "编制",
            "内设机构",
            "职能配置",
            "机构改革",
            "机构设置",
            "人员编制",
            "启用印章",
            "印章",
            "更名",
        ],
    ),
    topic(
        "劳动人事",
        &[
            "工资",
            "职称",
            "招聘",
            "录用",
            "离休",
            "公务员",
            "社会保险",
            "养老保险",
            "就业",
            "下岗",
            "津贴",
            "年度考核",
            "考核",
            "劳动合同",
        ],
    ),
    topic(
        "农民负担与税费",
        &["税费改革", "农民负担", "提留", "统筹款", "农业税", "农业特产税", "特产税", "税收", "征收"],
    ),
    topic(
        "财政",
        &[
            "财政预算",
            "财政决算",
            "预算执行",
            "预算",
            "决算",
            "财政",
            "国有资产",
            "审计",
            "会计",
            "财务",
            "收支",
            "罚没",
        ],
    ),
    topic("金融", &["银行", "贷款", "信用社", "基金会", "金融", "债务", "国库券", "保险公司"]),
    topic("计划生育", &["计划生育", "节育", "超生", "计生", "生育", "流动人口", "人口"]),
    topic(
        "教育",
        &[
            "教育",
            "学校",
            "小学",
            "中学",
            "校舍",
            "教师",
            "教室",
            "扫盲",
            "招生",
            "幼儿园",
            "教学",
            "学生",
            "辍学",
            "办学",
            "普九",
        ],
    ),
    topic(
        "卫生",
        &[
            "卫生",
            "医院",
            "防疫",
            "合作医疗",
            "医疗",
            "改水改厕",
            "疫情",
            "非典",
            "传染病",
            "血吸虫",
            "卫生院",
            "药品",
            "免疫",
        ],
    ),
    topic("文化体育", &["文化", "广播", "电视", "体育", "文物", "运动会", "图书", "文艺", "档案馆舍"]),
    topic(
        "防汛救灾",
        &[
            "防汛",
            "抗洪",
            "抗旱",
            "洪灾",
            "洪涝",
            "救灾",
            "灾情",
            "灾后",
            "水毁",
            "台风",
            "受灾",
            "赈灾",
            "重建家园",
            "暴雨",
            "灾害",
            "旱灾",
            "倒房",
            "汛期",
            "抢险",
        ],
    ),
    topic(
        "水利",
        &[
            "水利",
            "渠道",
            "水库",
            "灌溉",
            "灌区",
            "防洪堤",
            "堤防",
            "水土保持",
            "饮水",
            "河道",
            "冬修",
            "水电站",
            "山塘",
            "水渠",
            "水费",
        ],
    ),
    topic("粮食", &["粮食", "定购", "夏粮", "秋粮", "储备粮", "粮库", "种粮", "粮站", "粮款"]),
    topic(
        "林业与森林防火",
        &[
            "森林防火",
            "森林",
            "林业",
            "造林",
            "绿化",
            "护林",
            "木材",
            "林木",
            "采伐",
            "植树",
            "封山",
            "毛竹",
            "林场",
        ],
    ),
    topic("山林土地纠纷", &["山林纠纷", "土地纠纷", "权属争议", "林权纠纷", "权属", "山界", "纠纷"]),
    topic("土地", &["土地", "用地", "征地", "宅基地", "耕地", "国土", "占地", "农田保护", "征用"]),
    topic(
        "城乡建设",
        &[
            "城镇建设",
            "小城镇",
            "城市规划",
            "总体规划",
            "建房",
            "村镇",
            "市政",
            "拆迁",
            "自来水",
            "集镇",
            "城乡建设",
            "房改",
            "路灯",
            "危旧房",
        ],
    ),
    topic(
        "交通",
        &[
            "公路",
            "桥梁",
            "交通",
            "道路",
            "运输",
            "航运",
            "省道",
            "县道",
            "机耕路",
            "大桥",
            "通车",
            "路段",
            "渡口",
        ],
    ),
    topic(
        "电力通信",
        &[
            "电力",
            "用电",
            "变电站",
            "供电",
            "农网",
            "电价",
            "电站",
            "邮电",
            "通信",
            "电话普及",
            "农电",
            "信息网络",
            "政务网",
            "计算机",
        ],
    ),
    topic("扶贫移民", &["扶贫", "脱贫", "老区", "小康", "移民", "贫困", "造福工程", "挂钩帮扶"]),
    topic(
        "农业",
        &[
            "农业",
            "春耕",
            "秋冬种",
            "烟叶",
            "烤烟",
            "茶叶",
            "蔬菜",
            "畜牧",
            "禽流感",
            "农村经济",
            "农技",
            "土地承包",
            "承包合同",
            "种植",
            "养殖",
            "水产",
            "果树",
            "农村工作",
            "化肥",
            "动物防疫",
            "农药",
            "生猪",
        ],
    ),
    topic(
        "民政优抚",
        &[
            "民政",
            "优抚",
            "低保",
            "五保",
            "救济",
            "双拥",
            "敬老院",
            "殡葬",
            "婚姻登记",
            "退伍",
            "军属",
            "复退",
            "地名",
            "行政区划",
            "烈士",
        ],
    ),
    topic("征兵武装", &["征兵", "民兵", "武装", "预备役", "国防", "人防", "兵役"]),
    topic(
        "企业",
        &[
            "企业",
            "改制",
            "转制",
            "资产评估",
            "承包经营",
            "工业",
            "技改",
            "破产",
            "厂房",
            "股份",
            "兼并",
            "二轻",
        ],
    ),
    topic(
        "商贸旅游",
        &[
            "商业", "市场", "供销", "外贸", "招商", "旅游", "物价", "价格", "工商", "外资", "集市", "商务",
            "食盐",
        ],
    ),
    topic("环境保护", &["环境保护", "污染", "环保", "排污", "治污"]),
    topic(
        "安全生产",
        &["安全生产", "生产安全", "事故", "安全大检查", "烟花爆竹", "消防", "交通安全", "隐患"],
    ),
    topic(
        "社会治安综合治理",
        &[
            "社会治安",
            "综合治理",
            "治安",
            "严打",
            "稳定",
            "禁毒",
            "公安",
            "普法",
            "法制",
            "司法",
            "人民调解",
            "民事调解",
            "刑释",
            "禁赌",
            "户籍",
            "依法治",
            "综治",
        ],
    ),
    topic("信访", &["信访", "来信", "来访", "上访", "联名信", "接待日", "举报"]),
    topic(
        "行政许可与政务公开",
        &[
            "行政许可",
            "行政审批",
            "依法行政",
            "政务公开",
            "村务公开",
            "审批事项",
            "信息公开",
            "行政执法",
            "规范性文件",
        ],
    ),
    topic("文书档案保密", &["公文", "档案", "保密", "文书", "行文", "机要", "收文", "发文", "归档"]),
    topic(
        "机关事务",
        &[
            "值班",
            "放假",
            "车辆",
            "办公用品",
            "接待",
            "食堂",
            "电话号码",
            "党报党刊",
            "报刊",
            "作息",
            "下村",
            "后勤",
            "政府采购",
            "公务用车",
            "办公楼",
            "会务",
            "节日",
            "节假日",
            "机关作风",
            "机关管理",
            "考勤",
            "内部管理",
            "规章制度",
            "岗位责任",
        ],
    ),
];

/// Finds questions in titles.
pub(crate) struct TopicFinder {
    words: AhoCorasick,
    /// The topic and weight of each word.
    of: Vec<(u16, u32)>,
}

impl TopicFinder {
    /// Reads the table.
    pub(crate) fn new() -> Option<Self> {
        let mut words = Vec::new();
        let mut of = Vec::new();
        for (index, topic) in TOPICS.iter().enumerate() {
            for word in topic.words {
                words.push(*word);
                let chars = u32::try_from(word.chars().count()).unwrap_or(1);
                of.push((u16::try_from(index).unwrap_or(u16::MAX), chars * chars));
            }
        }
        let words = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(words).ok()?;
        Some(Self { words, of })
    }

    /// The question a text speaks of, if it names any: the one most of its words are of.
    pub(crate) fn find(&self, text: &str) -> Option<u16> {
        self.find_but(text, None)
    }

    /// The same, but for one question that counts for nothing: an office's own field of work.
    pub(crate) fn find_but(&self, text: &str, own: Option<u16>) -> Option<u16> {
        let mut scores: Vec<(u16, u32)> = Vec::new();
        for found in self.words.find_iter(text) {
            let (topic, weight) = self.of[found.pattern().as_usize()];
            if Some(topic) == own {
                continue;
            }
            match scores.iter_mut().find(|(known, _)| *known == topic) {
                Some((_, score)) => *score += weight,
                None => scores.push((topic, weight)),
            }
        }
        scores
            .into_iter()
            .max_by_key(|(topic, score)| (*score, std::cmp::Reverse(*topic)))
            .map(|(topic, _)| topic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_tells_its_question() {
        let finder = TopicFinder::new().unwrap();
        let name = |title: &str| finder.find(title).map(|topic| TOPICS[usize::from(topic)].name);
        assert_eq!(name("关于要求修复大岭渠道的请示"), Some("水利"));
        assert_eq!(name("关于切实做好森林防火工作的通知"), Some("林业与森林防火"));
        assert_eq!(name("关于春节期间值班安排的通知"), Some("机关事务"));
        assert_eq!(name("关于进一步做好有关工作的通知"), None);
    }

    #[test]
    fn no_word_stands_for_two_questions() {
        let mut words: Vec<&str> = TOPICS.iter().flat_map(|topic| topic.words.iter().copied()).collect();
        words.sort_unstable();
        let doubled: Vec<_> = words.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert_eq!(doubled, Vec::<&[&str]>::new());
    }
}
