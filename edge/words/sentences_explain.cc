// What Explain says: what made a line's price, and why a rule did not fire.

#include "edge/words/sentence.h"

namespace branchline {
namespace {

constexpr Sentence kExplain[] = {
    {"$0 x $1 = $2 (@3, price book $4)", "$0 × $1 = $2（@3，价格本第 $4 版）",
     "$0 × $1 = $2（@3，價格本第 $4 版）"},
    {"$0 x $1 = $2 (@3)", "$0 × $1 = $2（@3）", "$0 × $1 = $2（@3）"},
    {"$0 for $1 (@2, price book $3)", "$0 件共 $1（@2，价格本第 $3 版）",
     "$0 件共 $1（@2，價格本第 $3 版）"},
    {"$0 for $1 (@2)", "$0 件共 $1（@2）", "$0 件共 $1（@2）"},
    {"goods of receipt $0, line $1: the figures of that one",
     "小票 $0 第 $1 行的商品：按原小票金额",
     "收據 $0 第 $1 行的商品：依原收據金額"},
    {"the catalogue's price", "商品目录价", "商品目錄價"},
    {"as given", "按所给价格", "按所給價格"},
    {"price list $0", "价目表 $0", "價目表 $0"},
    {"markdown $0", "降价 $0", "降價 $0"},
    {"member price $0", "会员价 $0", "會員價 $0"},
    {"carton", "整箱价", "整箱價"},
    {"label", "标签价", "標籤價"},
    {"keyed by hand", "手工改价", "手動改價"},
    {"keyed, open department", "手输价格，开放部类", "手輸價格，開放部門"},
    {"-$0 by small change (@1)", "-$0：抹零（@1）", "-$0：抹零（@1）"},
    {"-$0 by $1 (@2)", "-$0：$1（@2）", "-$0：$1（@2）"},
    {"line", "单品优惠", "單品折扣"},
    {"group", "组合优惠", "組合折扣"},
    {"basket", "整单优惠", "整單折扣"},
    {"coupon", "优惠券", "優惠券"},
    {"manual", "手工优惠", "手動折扣"},
    // Why a rule did not fire, after its id.
    {"$0: @1", "$0：@1", "$0：@1"},
    {"fired $0 times", "已应用 $0 次", "已套用 $0 次"},
    {"it is for $0", "只适用于 $0", "只適用於 $0"},
    {"it starts at $0, it is $1", "$0 开始，现在是 $1", "$0 開始，現在是 $1"},
    {"it ended at $0, it is $1", "已于 $0 结束，现在是 $1",
     "已於 $0 結束，現在是 $1"},
    {"not on this weekday, it is $0", "星期不符，现在是 $0",
     "星期不符，現在是 $0"},
    {"not on this day of the month, it is $0", "日期不符，现在是 $0",
     "日期不符，現在是 $0"},
    {"not at this hour, it is $0", "时段不符，现在是 $0",
     "時段不符，現在是 $0"},
    {"not in this branch", "不适用于本店", "不適用於本店"},
    {"for members only", "仅限会员", "僅限會員"},
    {"for another group of customers", "仅限其他顾客组", "僅限其他顧客群組"},
    {"coupon $0 was not shown", "未出示优惠券 $0", "未出示優惠券 $0"},
    {"this branch has given it $0 times, its cap", "本店已用 $0 次，达到上限",
     "本店已用 $0 次，達到上限"},
    {"no eligible goods in the basket", "购物篮中没有适用商品",
     "購物籃中沒有適用商品"},
    {"the eligible goods come to $0 and $1 pieces, it wants @2",
     "适用商品 $0、$1 件，需要 @2", "適用商品 $0、$1 件，需要 @2"},
    {"$0 and $1 pieces of the right kinds", "$0 且 $1 件指定商品",
     "$0 且 $1 件指定商品"},
    {"$0 pieces of the right kinds", "$0 件指定商品", "$0 件指定商品"},
    {"$0 and $1 pieces", "$0 且 $1 件", "$0 且 $1 件"},
    {"$0 pieces", "$0 件", "$0 件"},
    {"it would save nothing", "不会省钱", "不會省錢"},
    {"a rule of higher priority excludes it", "被优先级更高的规则排除",
     "被優先順序更高的規則排除"},
    {"rules that it does not go with save more", "与之不能并用的规则更优惠",
     "與之不能併用的規則更優惠"},
    {"the lines say what they come to themselves: only what the branch prices "
     "can be explained; send `pricing`",
     "各行自带金额：只有由分店计价的才能说明",
     "各行自帶金額：只有由分店計價的才能說明"},
};

}  // namespace

absl::Span<const Sentence> ExplainSentences() { return kExplain; }

}  // namespace branchline
