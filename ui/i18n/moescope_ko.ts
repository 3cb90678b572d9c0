<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR" sourcelanguage="en">
    <context>
        <name>CapacityViews</name>
        <message>
            <source>capacity factor</source>
            <translation>용량 계수</translation>
        </message>
        <message>
            <source>dropped</source>
            <translation>버려짐</translation>
        </message>
        <message>
            <source>layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>thousands</source>
            <translation>천 개</translation>
        </message>
        <message>
            <source>choices</source>
            <translation>선택</translation>
        </message>
        <message>
            <source>served</source>
            <translation>처리됨</translation>
        </message>
        <message>
            <source>received from full experts</source>
            <translation>가득 찬 전문가에게서 받음</translation>
        </message>
        <message>
            <source>sent on or dropped</source>
            <translation>넘기거나 버림</translation>
        </message>
        <message>
            <source>&lt;b&gt;expert %1&lt;/b&gt;&lt;br&gt;chosen %2 times&lt;br&gt;%3 without room (%4)&lt;br&gt;%5 received from others</source>
            <translation>&lt;b&gt;전문가 %1&lt;/b&gt;&lt;br&gt;%2번 선택됨&lt;br&gt;자리 없음 %3번 (%4)&lt;br&gt;다른 전문가에게서 %5번 받음</translation>
        </message>
        <message>
            <source>places</source>
            <translation>자리</translation>
        </message>
        <message>
            <source>At capacity factor %1 layer %2 drops nothing.</source>
            <translation>용량 계수 %1에서 %2층은 아무것도 버리지 않습니다.</translation>
        </message>
        <message>
            <source>At capacity factor %1 layer %2 drops %3 of its choices; %4 of the tokens lose every expert.</source>
            <translation>용량 계수 %1에서 %2층은 선택의 %3를 버리고, 토큰의 %4가 모든 전문가를 잃습니다.</translation>
        </message>
        <message>
            <source>%1 places an expert in each group of %2 tokens. %3 of %4 tokens (%5) lose at least one expert.</source>
            <translation>%2토큰 그룹마다 전문가당 자리가 %1개입니다. 토큰 %4개 중 %3개(%5)가 전문가를 하나 이상 잃습니다.</translation>
        </message>
    </context>
    <context>
        <name>Detail</name>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>chosen</source>
            <translation>선택됨</translation>
        </message>
        <message>
            <source>next best</source>
            <translation>차선</translation>
        </message>
        <message>
            <source>others</source>
            <translation>나머지</translation>
        </message>
        <message>
            <source>&lt;b&gt;expert %1&lt;/b&gt;&lt;br&gt;probability &lt;b&gt;%2&lt;/b&gt;&lt;br&gt;logit %3</source>
            <translation>&lt;b&gt;전문가 %1&lt;/b&gt;&lt;br&gt;확률 &lt;b&gt;%2&lt;/b&gt;&lt;br&gt;로짓 %3</translation>
        </message>
        <message>
            <source>probability</source>
            <translation>확률</translation>
        </message>
    </context>
    <context>
        <name>Findings</name>
        <message>
            <source>being recorded</source>
            <translation>기록 중</translation>
        </message>
        <message>
            <source>interrupted: `moescope record --resume` completes it</source>
            <translation>중단됨: `moescope record --resume`으로 마저 기록합니다</translation>
        </message>
        <message>
            <source>complete</source>
            <translation>완료</translation>
        </message>
        <message>
            <source>Nothing is recorded in this part of the run yet.</source>
            <translation>이 범위에는 아직 기록이 없습니다.</translation>
        </message>
        <message>
            <source>Widen the filter, or wait for the recording.</source>
            <translation>필터를 넓히거나 기록을 기다리십시오.</translation>
        </message>
        <message>
            <source>All %1 layers are as balanced as random routing would be.</source>
            <translation>%1개 층 모두 무작위 라우팅만큼 고릅니다.</translation>
        </message>
        <message>
            <source>Layer %1 is the least balanced: expert %2 takes %3 its fair share; chance alone would give %4.</source>
            <translation>%1층이 가장 고르지 않습니다. 전문가 %2가 공평한 몫의 %3를 맡으며, 우연만으로는 %4입니다.</translation>
        </message>
        <message>
            <source>%1 of %2 layers are uneven beyond chance.</source>
            <translation>%2개 층 중 %1개가 우연을 넘어 고르지 않습니다.</translation>
        </message>
        <message>
            <source>No expert is dead.</source>
            <translation>쓰이지 않는 전문가는 없습니다.</translation>
        </message>
        <message>
            <source>Dead experts: %1 (by chance %2).</source>
            <translation>쓰이지 않는 전문가: %1 (우연히 %2).</translation>
        </message>
        <message>
            <source>Layer %1 has no assignments in this part of the run.</source>
            <translation>이 범위에서 %1층에는 할당이 없습니다.</translation>
        </message>
        <message>
            <source>In layer %1, expert %2 takes %3 its fair share; chance alone would give %4.</source>
            <translation>%1층에서 전문가 %2가 공평한 몫의 %3를 맡습니다. 우연만으로는 %4입니다.</translation>
        </message>
        <message>
            <source>Layer %1 is as balanced as random routing would be.</source>
            <translation>%1층은 무작위 라우팅만큼 고릅니다.</translation>
        </message>
        <message>
            <source>CV %1 (by chance %2). The layer works as if it had %3 equally used experts of %4; %5 dead.</source>
            <translation>CV %1 (우연히 %2). 전문가 %4개 중 %3개를 똑같이 쓰는 것과 같습니다. 쓰이지 않는 전문가 %5개.</translation>
        </message>
        <message>
            <source>This run has one domain only, so experts cannot be told apart by it.</source>
            <translation>이 실행에는 분야가 하나뿐이라 전문가를 분야로 구별할 수 없습니다.</translation>
        </message>
        <message>
            <source>Record a folder whose sub-folders name domains to compare them.</source>
            <translation>하위 폴더가 분야를 나타내는 폴더를 기록하면 비교할 수 있습니다.</translation>
        </message>
        <message>
            <source>In layer %1, expert %2 is sought by %3: %4 its overall rate, %5 of that domain's choices.</source>
            <translation>%1층에서 전문가 %2는 %3에서 많이 찾습니다. 전체 비율의 %4이고, 그 분야 선택의 %5입니다.</translation>
        </message>
        <message>
            <source>The domains differ by %1 bits on average in this layer (0: all use the experts alike; 1: none share one).</source>
            <translation>이 층에서 분야들은 평균 %1비트 다릅니다 (0: 모두 똑같이 사용, 1: 겹치는 전문가 없음).</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>모델</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>State</source>
            <translation>상태</translation>
        </message>
        <message>
            <source>Recorded</source>
            <translation>기록 시각</translation>
        </message>
        <message>
            <source>Router</source>
            <translation>라우터</translation>
        </message>
        <message>
            <source>%1 MoE layers, %2 experts each, top %3</source>
            <translation>MoE 층 %1개, 층마다 전문가 %2개, 상위 %3개 선택</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>메모</translation>
        </message>
    </context>
    <context>
        <name>HeatmapData</name>
        <message>
            <source>no value</source>
            <translation>값 없음</translation>
        </message>
        <message>
            <source>chance alone: %1 to %2 (95 %)</source>
            <translation>우연만으로: %1 ~ %2 (95 %)</translation>
        </message>
    </context>
    <context>
        <name>Help</name>
        <message>
            <source>Text: walk the tokens</source>
            <translation>본문: 토큰 사이 이동</translation>
        </message>
        <message>
            <source>arrow keys</source>
            <translation>화살표 키</translation>
        </message>
        <message>
            <source>Text: next or previous token of the expert</source>
            <translation>본문: 전문가의 다음 또는 이전 토큰</translation>
        </message>
        <message>
            <source>Text: larger or smaller</source>
            <translation>본문: 크게 또는 작게</translation>
        </message>
        <message>
            <source>Ctrl+wheel</source>
            <translation>Ctrl+휠</translation>
        </message>
        <message>
            <source>Heatmap: move the cursor, select</source>
            <translation>히트맵: 커서 이동, 선택</translation>
        </message>
        <message>
            <source>arrow keys, Enter</source>
            <translation>화살표 키, Enter</translation>
        </message>
        <message>
            <source>Heatmap: zoom, pan, show all</source>
            <translation>히트맵: 확대, 이동, 전체 보기</translation>
        </message>
        <message>
            <source>Ctrl+wheel or + and -, drag, 0 or double click</source>
            <translation>Ctrl+휠 또는 +와 -, 끌기, 0 또는 두 번 클릭</translation>
        </message>
        <message>
            <source>Prompt: show its routing</source>
            <translation>프롬프트: 라우팅 보기</translation>
        </message>
        <message>
            <source>Shortcuts</source>
            <translation>단축키</translation>
        </message>
        <message>
            <source>What</source>
            <translation>동작</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>키</translation>
        </message>
        <message>
            <source>About MoEScope</source>
            <translation>MoEScope 정보</translation>
        </message>
        <message>
            <source>&lt;b&gt;MoEScope %1&lt;/b&gt;&lt;br&gt;What the routers of mixture-of-experts models do.&lt;br&gt;&lt;br&gt;Apache License 2.0. Qt %2.</source>
            <translation>&lt;b&gt;MoEScope %1&lt;/b&gt;&lt;br&gt;전문가 혼합 모델의 라우터가 하는 일을 보여 줍니다.&lt;br&gt;&lt;br&gt;Apache License 2.0. Qt %2.</translation>
        </message>
        <message>
            <source>Table: copy the row</source>
            <translation>표: 행 복사</translation>
        </message>
    </context>
    <context>
        <name>Ink</name>
        <message>
            <source>lost all its experts</source>
            <translation>모든 전문가를 잃음</translation>
        </message>
        <message>
            <source>lost some</source>
            <translation>일부를 잃음</translation>
        </message>
        <message>
            <source>weight of the strongest expert</source>
            <translation>가장 강한 전문가의 가중치</translation>
        </message>
        <message>
            <source>router margin</source>
            <translation>라우터 마진</translation>
        </message>
        <message>
            <source>nll in nats</source>
            <translation>nll (nat 단위)</translation>
        </message>
    </context>
    <context>
        <name>LoadViews</name>
        <message>
            <source>load ratio</source>
            <translation>부하 비</translation>
        </message>
        <message>
            <source>assignments over the fair share k·T/E; 1 is fair</source>
            <translation>할당 / 공평한 몫 k·T/E. 1이 공평함</translation>
        </message>
        <message>
            <source>share</source>
            <translation>비율</translation>
        </message>
        <message>
            <source>assignments over all of the layer's assignments</source>
            <translation>할당 / 그 층의 모든 할당</translation>
        </message>
        <message>
            <source>first choices</source>
            <translation>첫 번째 선택</translation>
        </message>
        <message>
            <source>tokens whose strongest expert it is, over T/E; 1 is fair</source>
            <translation>가장 강한 전문가로 고른 토큰 / (T/E). 1이 공평함</translation>
        </message>
        <message>
            <source>mean prob</source>
            <translation>평균 확률</translation>
        </message>
        <message>
            <source>mean router probability over all tokens, chosen or not</source>
            <translation>선택 여부와 관계없이 모든 토큰의 평균 라우터 확률</translation>
        </message>
        <message>
            <source>layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>assignments</source>
            <translation>할당</translation>
        </message>
        <message>
            <source>more than chance</source>
            <translation>우연보다 많음</translation>
        </message>
        <message>
            <source>within chance</source>
            <translation>우연 범위</translation>
        </message>
        <message>
            <source>less than chance</source>
            <translation>우연보다 적음</translation>
        </message>
        <message>
            <source>&lt;b&gt;layer %1 · expert %2&lt;/b&gt;&lt;br&gt;load ratio &lt;b&gt;%3&lt;/b&gt; (chance: %4 to %5)&lt;br&gt;%6 assignments, %7 of the layer&lt;br&gt;first choice of %8 tokens&lt;br&gt;&lt;i&gt;1 is the fair share k·T/E&lt;/i&gt;</source>
            <translation>&lt;b&gt;%1층 · 전문가 %2&lt;/b&gt;&lt;br&gt;부하 비 &lt;b&gt;%3&lt;/b&gt; (우연: %4 ~ %5)&lt;br&gt;할당 %6개, 층의 %7&lt;br&gt;토큰 %8개의 첫 번째 선택&lt;br&gt;&lt;i&gt;1이 공평한 몫 k·T/E&lt;/i&gt;</translation>
        </message>
        <message>
            <source>fair share</source>
            <translation>공평한 몫</translation>
        </message>
        <message>
            <source>thousand tokens</source>
            <translation>천 토큰</translation>
        </message>
        <message>
            <source>token</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>CV</source>
            <translation>변동 계수(CV)</translation>
        </message>
        <message>
            <source>CV of stretches of %1 tokens</source>
            <translation>%1토큰 구간의 CV</translation>
        </message>
    </context>
    <context>
        <name>Menus</name>
        <message>
            <source>&amp;File</source>
            <translation>파일(&amp;F)</translation>
        </message>
        <message>
            <source>&amp;Open recording…</source>
            <translation>기록 열기(&amp;O)…</translation>
        </message>
        <message>
            <source>Open &amp;recent</source>
            <translation>최근 기록(&amp;R)</translation>
        </message>
        <message>
            <source>&amp;Record a model…</source>
            <translation>모델 기록(&amp;R)…</translation>
        </message>
        <message>
            <source>Route a &amp;prompt</source>
            <translation>프롬프트 라우팅(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;Save page as picture…</source>
            <translation>페이지를 그림으로 저장(&amp;S)…</translation>
        </message>
        <message>
            <source>&amp;Export page as CSV…</source>
            <translation>페이지를 CSV로 내보내기(&amp;E)…</translation>
        </message>
        <message>
            <source>&amp;Close recording</source>
            <translation>기록 닫기(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>끝내기(&amp;Q)</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>편집(&amp;E)</translation>
        </message>
        <message>
            <source>&amp;Copy page as picture</source>
            <translation>페이지를 그림으로 복사(&amp;C)</translation>
        </message>
        <message>
            <source>&amp;Find in the text…</source>
            <translation>본문에서 찾기(&amp;F)…</translation>
        </message>
        <message>
            <source>&amp;All domains</source>
            <translation>모든 분야(&amp;A)</translation>
        </message>
        <message>
            <source>&amp;Go</source>
            <translation>이동(&amp;G)</translation>
        </message>
        <message>
            <source>&amp;Back</source>
            <translation>뒤로(&amp;B)</translation>
        </message>
        <message>
            <source>&amp;Forward</source>
            <translation>앞으로(&amp;F)</translation>
        </message>
        <message>
            <source>&amp;Previous layer</source>
            <translation>이전 층(&amp;P)</translation>
        </message>
        <message>
            <source>&amp;Next layer</source>
            <translation>다음 층(&amp;N)</translation>
        </message>
        <message>
            <source>Previous &amp;expert</source>
            <translation>이전 전문가(&amp;E)</translation>
        </message>
        <message>
            <source>Next e&amp;xpert</source>
            <translation>다음 전문가(&amp;X)</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>보기(&amp;V)</translation>
        </message>
        <message>
            <source>&amp;Restore default layout</source>
            <translation>기본 배치로 되돌리기(&amp;R)</translation>
        </message>
        <message>
            <source>Look of the &amp;desktop</source>
            <translation>바탕 화면에 맞춤(&amp;D)</translation>
        </message>
        <message>
            <source>&amp;Light</source>
            <translation>밝게(&amp;L)</translation>
        </message>
        <message>
            <source>D&amp;ark</source>
            <translation>어둡게(&amp;A)</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>도움말(&amp;H)</translation>
        </message>
        <message>
            <source>&amp;Shortcuts</source>
            <translation>단축키(&amp;S)</translation>
        </message>
        <message>
            <source>&amp;About MoEScope</source>
            <translation>MoEScope 정보(&amp;A)</translation>
        </message>
    </context>
    <context>
        <name>Pages</name>
        <message>
            <source>Overview</source>
            <translation>개요</translation>
        </message>
        <message>
            <source>Load</source>
            <translation>부하</translation>
        </message>
        <message>
            <source>Specialization</source>
            <translation>특화</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>Capacity</source>
            <translation>용량</translation>
        </message>
    </context>
    <context>
        <name>SpecializationViews</name>
        <message>
            <source>domain</source>
            <translation>분야</translation>
        </message>
        <message>
            <source>expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>lift</source>
            <translation>향상도</translation>
        </message>
        <message>
            <source>assignments</source>
            <translation>할당</translation>
        </message>
        <message>
            <source>share of the domain's choices over the expert's share of all choices; 1 is no preference</source>
            <translation>분야의 선택에서 차지하는 비율 / 전체 선택에서 차지하는 비율. 1이면 선호 없음</translation>
        </message>
        <message>
            <source>lift (1: no preference)</source>
            <translation>향상도 (1: 선호 없음)</translation>
        </message>
        <message>
            <source>&lt;b&gt;%1 · expert %2&lt;/b&gt;&lt;br&gt;lift &lt;b&gt;%3&lt;/b&gt; (chance: %4 to %5)&lt;br&gt;%6 of the domain's choices, %7 of its tokens&lt;br&gt;%8 assignments</source>
            <translation>&lt;b&gt;%1 · 전문가 %2&lt;/b&gt;&lt;br&gt;향상도 &lt;b&gt;%3&lt;/b&gt; (우연: %4 ~ %5)&lt;br&gt;분야 선택의 %6, 토큰의 %7&lt;br&gt;할당 %8개</translation>
        </message>
        <message>
            <source>no preference</source>
            <translation>선호 없음</translation>
        </message>
    </context>
    <context>
        <name>moescope::BarChart</name>
        <message>
            <source>Bars of %1 by %2</source>
            <translation>%2별 %1 막대</translation>
        </message>
        <message>
            <source>chance alone (95 %)</source>
            <translation>우연만으로 (95 %)</translation>
        </message>
    </context>
    <context>
        <name>moescope::CapacityControls</name>
        <message>
            <source>Capacity factor</source>
            <translation>용량 계수</translation>
        </message>
        <message>
            <source>groups of %1 tokens</source>
            <translation>%1토큰 그룹</translation>
        </message>
        <message>
            <source>Tokens of a group</source>
            <translation>그룹의 토큰 수</translation>
        </message>
        <message>
            <source>round down (MegaBlocks)</source>
            <translation>내림 (MegaBlocks)</translation>
        </message>
        <message>
            <source>round up (Megatron)</source>
            <translation>올림 (Megatron)</translation>
        </message>
        <message>
            <source>up to a multiple of 4 (V-MoE)</source>
            <translation>4의 배수로 올림 (V-MoE)</translation>
        </message>
        <message>
            <source>Rounding of the capacity</source>
            <translation>용량 반올림 방식</translation>
        </message>
        <message>
            <source>drop in token order (GShard)</source>
            <translation>토큰 순서대로 버림 (GShard)</translation>
        </message>
        <message>
            <source>drop the least sure (V-MoE)</source>
            <translation>확신이 낮은 것부터 버림 (V-MoE)</translation>
        </message>
        <message>
            <source>keep the highest probabilities (Megatron)</source>
            <translation>확률이 높은 것을 남김 (Megatron)</translation>
        </message>
        <message>
            <source>send to the next best expert</source>
            <translation>차선 전문가에게 보냄</translation>
        </message>
        <message>
            <source>What happens to choices without room</source>
            <translation>자리가 없는 선택의 처리</translation>
        </message>
    </context>
    <context>
        <name>moescope::CapacityPage</name>
        <message>
            <source>Tokens that lose experts</source>
            <translation>전문가를 잃는 토큰</translation>
        </message>
        <message>
            <source>Dropped choices by capacity factor</source>
            <translation>용량 계수에 따른 버려진 선택</translation>
        </message>
        <message>
            <source>Experts against their places</source>
            <translation>전문가별 부하와 자리 수</translation>
        </message>
        <message>
            <source>The text with lost tokens marked</source>
            <translation>잃은 토큰을 표시한 본문</translation>
        </message>
        <message>
            <source>Crossed out: lost every expert; underlined: lost some</source>
            <translation>취소선: 모든 전문가를 잃음, 밑줄: 일부를 잃음</translation>
        </message>
        <message>
            <source>This run holds counts only, so which tokens would be dropped is not known.</source>
            <translation>이 실행에는 개수만 있어 어떤 토큰이 버려질지 알 수 없습니다.</translation>
        </message>
        <message>
            <source>Record the model, or import a trace with its routes.</source>
            <translation>모델을 기록하거나 경로가 담긴 추적을 가져오십시오.</translation>
        </message>
        <message>
            <source>Before any is sent on; the dotted line is the factor at hand, thin lines are the other layers</source>
            <translation>다른 전문가로 보내기 전의 값입니다. 점선은 현재 계수, 가는 선은 다른 층입니다</translation>
        </message>
        <message>
            <source>The dotted line is the factor at hand, thin lines are the other layers; click to choose a factor</source>
            <translation>점선은 현재 계수, 가는 선은 다른 층입니다. 클릭하면 계수를 고릅니다</translation>
        </message>
        <message>
            <source>Layer %1: experts against their places</source>
            <translation>%1층: 전문가별 부하와 자리 수</translation>
        </message>
        <message>
            <source>capacity of layer %1</source>
            <translation>%1층 용량</translation>
        </message>
        <message>
            <source>No token loses an expert at this capacity.</source>
            <translation>이 용량에서는 전문가를 잃는 토큰이 없습니다.</translation>
        </message>
        <message>
            <source>The first %1 of %2, those that lose all first</source>
            <translation>%2개 중 처음 %1개, 모두 잃는 토큰부터</translation>
        </message>
        <message>
            <source>Those that lose all first</source>
            <translation>모두 잃는 토큰부터</translation>
        </message>
        <message>
            <source>The filter does not apply here: groups are consecutive tokens of the whole run.</source>
            <translation>여기에는 필터가 적용되지 않습니다. 그룹은 실행 전체의 연속한 토큰입니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::ExpertTokenModel</name>
        <message>
            <source>Token</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>The vocabulary piece; ␣ is a space, ↵ a line break</source>
            <translation>어휘 조각. ␣는 공백, ↵는 줄바꿈</translation>
        </message>
        <message>
            <source>Count</source>
            <translation>횟수</translation>
        </message>
        <message>
            <source>Occurrences that have the expert among their k</source>
            <translation>선택한 k개에 이 전문가가 있는 출현</translation>
        </message>
        <message>
            <source>of</source>
            <translation>전체</translation>
        </message>
        <message>
            <source>Occurrences in this part of the run; few make the share unreliable</source>
            <translation>이 범위의 출현 횟수. 적으면 비율을 믿기 어렵습니다</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>비율</translation>
        </message>
        <message>
            <source>Vocabulary specialization: count / occurrences (OLMoE)</source>
            <translation>어휘 특화: 횟수 / 출현 (OLMoE)</translation>
        </message>
        <message>
            <source>Surprise</source>
            <translation>두드러짐</translation>
        </message>
        <message>
            <source>How far the count lies above what the expert's share of all tokens gives: signed root of the Poisson deviance</source>
            <translation>전문가의 전체 비율로 예상되는 값보다 얼마나 많은지: 푸아송 이탈도의 부호 있는 제곱근</translation>
        </message>
        <message>
            <source>Id</source>
            <translation>번호</translation>
        </message>
        <message>
            <source>Vocabulary id</source>
            <translation>어휘 번호</translation>
        </message>
        <message>
            <source>%1 of the %2 occurrences of this token have expert %3 among their k (%4); over all tokens it is %5</source>
            <translation>이 토큰의 출현 %2번 중 %1번이 전문가 %3을 선택했습니다(%4). 모든 토큰에서는 %5입니다</translation>
        </message>
    </context>
    <context>
        <name>moescope::HeatmapWidget</name>
        <message>
            <source>Heatmap of %1 by %2 and %3</source>
            <translation>%2와 %3에 따른 %1 히트맵</translation>
        </message>
        <message>
            <source>%1 %2, %3 %4: %5</source>
            <translation>%1 값 %2, %3 값 %4: %5</translation>
        </message>
    </context>
    <context>
        <name>moescope::InkLegend</name>
        <message>
            <source>What the colours mean</source>
            <translation>색의 뜻</translation>
        </message>
        <message>
            <source>Click an expert to see its tokens only; N steps through them</source>
            <translation>전문가를 클릭하면 그 토큰만 보입니다. N으로 차례로 이동합니다</translation>
        </message>
        <message>
            <source>Expert</source>
            <translation>전문가</translation>
        </message>
    </context>
    <context>
        <name>moescope::LayerTableModel</name>
        <message>
            <source>Layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>The decoder layer's index in the model; dense layers have no row</source>
            <translation>모델 안 디코더 층의 번호. 밀집 층은 행이 없습니다</translation>
        </message>
        <message>
            <source>Load by expert</source>
            <translation>전문가별 부하</translation>
        </message>
        <message>
            <source>Load ratio of each expert; the grey band is what chance alone shows</source>
            <translation>전문가별 부하 비. 회색 띠는 우연만으로 나타나는 범위입니다</translation>
        </message>
        <message>
            <source>CV</source>
            <translation>변동 계수(CV)</translation>
        </message>
        <message>
            <source>Population standard deviation over mean of the experts' loads; 0 is perfectly even</source>
            <translation>전문가 부하의 모집단 표준편차 / 평균. 0이면 완전히 고릅니다</translation>
        </message>
        <message>
            <source>MaxVio</source>
            <translation>최대 초과(MaxVio)</translation>
        </message>
        <message>
            <source>(largest load − mean load) / mean load, over the whole run (arXiv 2408.15664)</source>
            <translation>(최대 부하 − 평균 부하) / 평균 부하, 실행 전체 (arXiv 2408.15664)</translation>
        </message>
        <message>
            <source>Entropy</source>
            <translation>엔트로피</translation>
        </message>
        <message>
            <source>Entropy of the load over its largest value, ln E; 1 is perfectly even</source>
            <translation>부하의 엔트로피 / 최댓값 ln E. 1이면 완전히 고릅니다</translation>
        </message>
        <message>
            <source>Busiest</source>
            <translation>가장 바쁜 전문가</translation>
        </message>
        <message>
            <source>The expert with most assignments and its load ratio (1 is its fair share)</source>
            <translation>할당이 가장 많은 전문가와 부하 비 (1이 공평한 몫)</translation>
        </message>
        <message>
            <source>Dead</source>
            <translation>미사용</translation>
        </message>
        <message>
            <source>Experts without a single assignment</source>
            <translation>할당이 하나도 없는 전문가</translation>
        </message>
        <message>
            <source>Margin</source>
            <translation>마진</translation>
        </message>
        <message>
            <source>Mean router margin: score of rank k minus rank k+1; how close tokens were to another route</source>
            <translation>평균 라우터 마진: k위 점수에서 k+1위 점수를 뺀 값. 다른 경로에 얼마나 가까웠는지</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>해석</translation>
        </message>
        <message>
            <source>What stands out beyond chance</source>
            <translation>우연을 넘어 두드러지는 점</translation>
        </message>
        <message>
            <source>CV %1; random routing of as many tokens: %2 (95 %: %3 to %4)</source>
            <translation>CV %1. 같은 수의 토큰을 무작위로 보내면 %2 (95 %: %3 ~ %4)</translation>
        </message>
        <message>
            <source>MaxVio %1; random routing: %2 (95 %: %3 to %4)</source>
            <translation>MaxVio %1. 무작위 라우팅: %2 (95 %: %3 ~ %4)</translation>
        </message>
        <message>
            <source>%1 dead; by chance %2</source>
            <translation>미사용 %1개, 우연히 %2개</translation>
        </message>
        <message>
            <source>E%1 takes more than twice its share</source>
            <translation>E%1이 몫의 두 배 넘게 맡음</translation>
        </message>
        <message>
            <source>uneven beyond chance</source>
            <translation>우연을 넘어 고르지 않음</translation>
        </message>
        <message>
            <source>evener than chance: actively balanced</source>
            <translation>우연보다 고름: 균형 장치가 작동</translation>
        </message>
        <message>
            <source>as even as chance</source>
            <translation>우연만큼 고름</translation>
        </message>
        <message>
            <source>dead experts: %1</source>
            <translation>미사용 전문가 %1개</translation>
        </message>
    </context>
    <context>
        <name>moescope::LineChart</name>
        <message>
            <source>Lines of %1 over %2</source>
            <translation>%2에 따른 %1 선</translation>
        </message>
        <message>
            <source>chance alone (95 %)</source>
            <translation>우연만으로 (95 %)</translation>
        </message>
    </context>
    <context>
        <name>moescope::LoadPage</name>
        <message>
            <source>Load ratio</source>
            <translation>부하 비</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>비율</translation>
        </message>
        <message>
            <source>First choices</source>
            <translation>첫 번째 선택</translation>
        </message>
        <message>
            <source>Mean probability</source>
            <translation>평균 확률</translation>
        </message>
        <message>
            <source>What the heatmap shows</source>
            <translation>히트맵이 보여 주는 값</translation>
        </message>
        <message>
            <source>Every layer</source>
            <translation>모든 층</translation>
        </message>
        <message>
            <source>Orange is more than a fair share, blue less; the bracket at the legend is what chance alone shows</source>
            <translation>주황은 공평한 몫보다 많고 파랑은 적습니다. 범례의 괄호는 우연만으로 나타나는 범위입니다</translation>
        </message>
        <message>
            <source>load heatmap</source>
            <translation>부하 히트맵</translation>
        </message>
        <message>
            <source>One layer</source>
            <translation>한 층</translation>
        </message>
        <message>
            <source>Along the run</source>
            <translation>실행을 따라</translation>
        </message>
        <message>
            <source>Layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>load of layer %1</source>
            <translation>%1층 부하</translation>
        </message>
        <message>
            <source>Layer %1 along the run</source>
            <translation>실행을 따라 본 %1층</translation>
        </message>
        <message>
            <source>balance along the run layer %1</source>
            <translation>%1층 실행 중 균형</translation>
        </message>
        <message>
            <source>This run holds counts only, so nothing is known along its tokens.</source>
            <translation>이 실행에는 개수만 있어 토큰을 따라 볼 수 없습니다.</translation>
        </message>
        <message>
            <source>Too few tokens to follow the balance along the run.</source>
            <translation>토큰이 너무 적어 균형의 흐름을 볼 수 없습니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::LostTokenModel</name>
        <message>
            <source>Token</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>The token's text</source>
            <translation>토큰의 글자</translation>
        </message>
        <message>
            <source>Index</source>
            <translation>위치</translation>
        </message>
        <message>
            <source>0-based index within the run</source>
            <translation>실행 안에서 0부터 센 위치</translation>
        </message>
        <message>
            <source>Lost</source>
            <translation>잃음</translation>
        </message>
        <message>
            <source>Choices dropped of all choices</source>
            <translation>모든 선택 중 버려진 선택</translation>
        </message>
        <message>
            <source>Full experts</source>
            <translation>가득 찬 전문가</translation>
        </message>
        <message>
            <source>The experts that had no room for it</source>
            <translation>자리가 없었던 전문가</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%2개 중 %1개</translation>
        </message>
    </context>
    <context>
        <name>moescope::MainWindow</name>
        <message>
            <source>MoEScope</source>
            <translation>MoEScope (모이스코프)</translation>
        </message>
        <message>
            <source>Pages</source>
            <translation>페이지</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>프롬프트</translation>
        </message>
        <message>
            <source>Opening %1…</source>
            <translation>%1 여는 중…</translation>
        </message>
        <message>
            <source>%1 – MoEScope</source>
            <translation>%1 – MoEScope (모이스코프)</translation>
        </message>
        <message>
            <source> · being recorded</source>
            <translation> · 기록 중</translation>
        </message>
        <message>
            <source> · interrupted</source>
            <translation> · 중단됨</translation>
        </message>
        <message>
            <source>%1 · %2 tokens · %3 layers × %4 experts%5</source>
            <translation>%1 · 토큰 %2개 · %3층 × 전문가 %4개%5</translation>
        </message>
        <message>
            <source>Open recording</source>
            <translation>기록 열기</translation>
        </message>
        <message>
            <source>Recordings (*.db *.moescope *.sqlite);;All files (*)</source>
            <translation>기록 (*.db *.moescope *.sqlite);;모든 파일 (*)</translation>
        </message>
        <message>
            <source>Open a recording first; then its pages can be saved.</source>
            <translation>먼저 기록을 여십시오. 그러면 페이지를 저장할 수 있습니다.</translation>
        </message>
        <message>
            <source>Save page</source>
            <translation>페이지 저장</translation>
        </message>
        <message>
            <source>Pictures (*.png *.svg *.pdf)</source>
            <translation>그림 (*.png *.svg *.pdf)</translation>
        </message>
        <message>
            <source>Saved %1</source>
            <translation>%1 저장함</translation>
        </message>
        <message>
            <source>Copied the page as a picture</source>
            <translation>페이지를 그림으로 복사함</translation>
        </message>
        <message>
            <source>Folder for the page's CSV files</source>
            <translation>페이지의 CSV 파일을 둘 폴더</translation>
        </message>
        <message>
            <source>This program was built without the engine, so it cannot run a model.</source>
            <translation>이 프로그램은 엔진 없이 빌드되어 모델을 실행할 수 없습니다.</translation>
        </message>
        <message>
            <source>prompt %1</source>
            <translation>프롬프트 %1</translation>
        </message>
        <message>
            <source>%1 tokens in %2 s</source>
            <translation>토큰 %1개, %2초</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>멈췄습니다.</translation>
        </message>
        <message>
            <source>Loading the model and routing the prompt…</source>
            <translation>모델을 불러와 프롬프트를 라우팅하는 중…</translation>
        </message>
        <message>
            <source>CSV files written: %1</source>
            <translation>CSV 파일 %1개를 저장함</translation>
        </message>
    </context>
    <context>
        <name>moescope::OverviewPage</name>
        <message>
            <source>Fact</source>
            <translation>항목</translation>
        </message>
        <message>
            <source>Value</source>
            <translation>값</translation>
        </message>
        <message>
            <source>Domain</source>
            <translation>분야</translation>
        </message>
        <message>
            <source>Documents</source>
            <translation>문서</translation>
        </message>
        <message>
            <source>Tokens</source>
            <translation>토큰</translation>
        </message>
        <message>
            <source>Layers</source>
            <translation>층</translation>
        </message>
        <message>
            <source>Orange takes more than chance explains, blue less; the dotted line is the fair share</source>
            <translation>주황은 우연으로 설명되는 것보다 많이, 파랑은 적게 맡습니다. 점선은 공평한 몫입니다</translation>
        </message>
        <message>
            <source>Facts about the run</source>
            <translation>실행 정보</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>실행</translation>
        </message>
        <message>
            <source>Domains of the texts</source>
            <translation>글의 분야</translation>
        </message>
        <message>
            <source>Texts</source>
            <translation>글</translation>
        </message>
    </context>
    <context>
        <name>moescope::Panel</name>
        <message>
            <source>Copy or save what is shown</source>
            <translation>보이는 것을 복사하거나 저장</translation>
        </message>
        <message>
            <source>Copy or save %1</source>
            <translation>%1 복사 또는 저장</translation>
        </message>
        <message>
            <source>Copy picture</source>
            <translation>그림 복사</translation>
        </message>
        <message>
            <source>Save picture…</source>
            <translation>그림 저장…</translation>
        </message>
        <message>
            <source>Copy as CSV</source>
            <translation>CSV로 복사</translation>
        </message>
        <message>
            <source>Export CSV…</source>
            <translation>CSV 내보내기…</translation>
        </message>
        <message>
            <source>Save picture</source>
            <translation>그림 저장</translation>
        </message>
        <message>
            <source>Pictures (*.png *.svg *.pdf)</source>
            <translation>그림 (*.png *.svg *.pdf)</translation>
        </message>
        <message>
            <source>Export CSV</source>
            <translation>CSV 내보내기</translation>
        </message>
        <message>
            <source>Comma-separated values (*.csv)</source>
            <translation>쉼표로 구분한 값 (*.csv)</translation>
        </message>
    </context>
    <context>
        <name>moescope::PromptPanel</name>
        <message>
            <source>Paste a prompt and press Ctrl+Enter to see which experts its tokens hit</source>
            <translation>프롬프트를 붙여 넣고 Ctrl+Enter를 누르면 토큰이 어느 전문가로 가는지 보입니다</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>프롬프트</translation>
        </message>
        <message>
            <source>Choose model…</source>
            <translation>모델 선택…</translation>
        </message>
        <message>
            <source>Model: %1</source>
            <translation>모델: %1</translation>
        </message>
        <message>
            <source>A folder with config.json, the weights and tokenizer.json</source>
            <translation>config.json, 가중치, tokenizer.json이 있는 폴더</translation>
        </message>
        <message>
            <source>Choose a model's folder</source>
            <translation>모델 폴더 선택</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>Show routing</source>
            <translation>라우팅 보기</translation>
        </message>
    </context>
    <context>
        <name>moescope::RecordDialog</name>
        <message>
            <source>Record a model</source>
            <translation>모델 기록</translation>
        </message>
        <message>
            <source>Stopping after the current layer…</source>
            <translation>현재 층까지 마치고 멈춥니다…</translation>
        </message>
        <message>
            <source>Browse…</source>
            <translation>찾아보기…</translation>
        </message>
        <message>
            <source>Recordings (*.db)</source>
            <translation>기록 (*.db)</translation>
        </message>
        <message>
            <source>Model folder</source>
            <translation>모델 폴더</translation>
        </message>
        <message>
            <source>Texts</source>
            <translation>글</translation>
        </message>
        <message>
            <source>Texts: a folder whose sub-folders name domains</source>
            <translation>글: 하위 폴더가 분야를 나타내는 폴더</translation>
        </message>
        <message>
            <source>Recording</source>
            <translation>기록 파일</translation>
        </message>
        <message>
            <source>Recording to write</source>
            <translation>저장할 기록 파일</translation>
        </message>
        <message>
            <source>the model's name</source>
            <translation>모델의 이름</translation>
        </message>
        <message>
            <source>Name of the run</source>
            <translation>실행 이름</translation>
        </message>
        <message>
            <source>number type</source>
            <translation>수 형식</translation>
        </message>
        <message>
            <source>logits</source>
            <translation>로짓</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>장치</translation>
        </message>
        <message>
            <source> tokens</source>
            <translation> 토큰</translation>
        </message>
        <message>
            <source>all of the text</source>
            <translation>글 전체</translation>
        </message>
        <message>
            <source>Window</source>
            <translation>창 길이</translation>
        </message>
        <message>
            <source>At most</source>
            <translation>최대</translation>
        </message>
        <message>
            <source>Progress</source>
            <translation>진행</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>닫기</translation>
        </message>
        <message>
            <source>This program was built without the engine, so it cannot record; it opens recordings all the same.</source>
            <translation>이 프로그램은 엔진 없이 빌드되어 기록할 수 없지만 기록을 열 수는 있습니다.</translation>
        </message>
        <message>
            <source>Choose the folder of a model: config.json, weights and tokenizer.</source>
            <translation>모델 폴더를 고르십시오: config.json, 가중치, 토크나이저.</translation>
        </message>
        <message>
            <source>Choose the texts to run it over.</source>
            <translation>모델에 넣을 글을 고르십시오.</translation>
        </message>
        <message>
            <source>Choose the recording to write.</source>
            <translation>저장할 기록 파일을 고르십시오.</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>취소</translation>
        </message>
        <message>
            <source>Record</source>
            <translation>기록</translation>
        </message>
        <message>
            <source>Recorded %1 tokens in %2 s as run “%3”.</source>
            <translation>토큰 %1개를 %2초 동안 “%3” 실행으로 기록했습니다.</translation>
        </message>
        <message>
            <source>Stopped. What was recorded is kept; `moescope record --resume` goes on from there.</source>
            <translation>멈췄습니다. 기록된 것은 남아 있으며 `moescope record --resume`으로 이어서 기록합니다.</translation>
        </message>
        <message>
            <source>Loading the model…</source>
            <translation>모델을 불러오는 중…</translation>
        </message>
        <message>
            <source>%1 of %2 tokens · %3 tokens/s · %4 s left</source>
            <translation>토큰 %2개 중 %1개 · 초당 %3토큰 · %4초 남음</translation>
        </message>
        <message>
            <source>tokens recorded</source>
            <translation>기록된 토큰</translation>
        </message>
        <message>
            <source>tokens per second</source>
            <translation>초당 토큰</translation>
        </message>
    </context>
    <context>
        <name>moescope::RouteStrip</name>
        <message>
            <source>Experts of the neighbouring tokens, layer by layer</source>
            <translation>이웃 토큰의 층별 전문가</translation>
        </message>
        <message>
            <source>Select a token to see it and its neighbours through all layers.</source>
            <translation>토큰을 고르면 이웃과 함께 모든 층의 경로가 보입니다.</translation>
        </message>
        <message>
            <source>layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>&lt;b&gt;%1&lt;/b&gt; · token %2 · layer %3</source>
            <translation>&lt;b&gt;%1&lt;/b&gt; · 토큰 %2 · %3층</translation>
        </message>
        <message>
            <source>&lt;br&gt;expert %1, weight %2</source>
            <translation>&lt;br&gt;전문가 %1, 가중치 %2</translation>
        </message>
    </context>
    <context>
        <name>moescope::RouteTableModel</name>
        <message>
            <source>Layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>Decoder layer</source>
            <translation>디코더 층</translation>
        </message>
        <message>
            <source>Experts</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>The chosen experts, strongest first</source>
            <translation>선택된 전문가, 강한 순서</translation>
        </message>
        <message>
            <source>Weights</source>
            <translation>가중치</translation>
        </message>
        <message>
            <source>What multiplies the experts' outputs</source>
            <translation>전문가의 출력에 곱하는 값</translation>
        </message>
        <message>
            <source>Next</source>
            <translation>차선</translation>
        </message>
        <message>
            <source>The best expert that was not chosen, and its probability</source>
            <translation>선택되지 않은 전문가 중 가장 나은 것과 그 확률</translation>
        </message>
        <message>
            <source>Margin</source>
            <translation>마진</translation>
        </message>
        <message>
            <source>Score of the last chosen expert minus that of the next: how close it was</source>
            <translation>마지막으로 선택된 전문가의 점수에서 차선의 점수를 뺀 값: 얼마나 아슬아슬했는지</translation>
        </message>
    </context>
    <context>
        <name>moescope::SelectionBar</name>
        <message>
            <source>Selection</source>
            <translation>선택</translation>
        </message>
        <message>
            <source>Back (Alt+Left)</source>
            <translation>뒤로 (Alt+왼쪽)</translation>
        </message>
        <message>
            <source>Forward (Alt+Right)</source>
            <translation>앞으로 (Alt+오른쪽)</translation>
        </message>
        <message>
            <source>Run</source>
            <translation>실행</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>층</translation>
        </message>
        <message>
            <source>Expert</source>
            <translation>전문가</translation>
        </message>
        <message>
            <source>Which domains every page speaks of</source>
            <translation>모든 페이지가 다루는 분야</translation>
        </message>
        <message>
            <source>Domain filter</source>
            <translation>분야 필터</translation>
        </message>
        <message>
            <source>Layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>All experts</source>
            <translation>모든 전문가</translation>
        </message>
        <message>
            <source>Expert %1</source>
            <translation>전문가 %1</translation>
        </message>
        <message>
            <source>All domains</source>
            <translation>모든 분야</translation>
        </message>
        <message>
            <source>%1 domains</source>
            <translation>분야 %1개</translation>
        </message>
        <message>
            <source>Every page speaks of %1 of %2 tokens</source>
            <translation>모든 페이지가 토큰 %2개 중 %1개를 다룹니다</translation>
        </message>
    </context>
    <context>
        <name>moescope::SpecializationPage</name>
        <message>
            <source>Tokens of the expert</source>
            <translation>전문가의 토큰</translation>
        </message>
        <message>
            <source>Domains and experts</source>
            <translation>분야와 전문가</translation>
        </message>
        <message>
            <source>Domains of an expert</source>
            <translation>전문가의 분야</translation>
        </message>
        <message>
            <source>Tokens of an expert</source>
            <translation>전문가의 토큰</translation>
        </message>
        <message>
            <source>Layer %1: domains and experts</source>
            <translation>%1층: 분야와 전문가</translation>
        </message>
        <message>
            <source>domain lift layer %1</source>
            <translation>%1층 분야 향상도</translation>
        </message>
        <message>
            <source>The texts of this run name no domains. Record a folder whose sub-folders name them.</source>
            <translation>이 실행의 글에는 분야가 없습니다. 하위 폴더가 분야를 나타내는 폴더를 기록하십시오.</translation>
        </message>
        <message>
            <source>Domains that seek L%1/E%2</source>
            <translation>L%1/E%2를 찾는 분야</translation>
        </message>
        <message>
            <source>domains of L%1 E%2</source>
            <translation>L%1 E%2의 분야</translation>
        </message>
        <message>
            <source>Tokens of L%1/E%2</source>
            <translation>L%1/E%2의 토큰</translation>
        </message>
        <message>
            <source>tokens of L%1 E%2</source>
            <translation>L%1 E%2의 토큰</translation>
        </message>
        <message>
            <source>This run holds counts only, so its tokens are not known.</source>
            <translation>이 실행에는 개수만 있어 토큰을 알 수 없습니다.</translation>
        </message>
        <message>
            <source>Most characteristic first; over all tokens it is chosen by %1</source>
            <translation>가장 특징적인 토큰부터. 모든 토큰에서는 %1가 선택합니다</translation>
        </message>
        <message>
            <source>No token chose this expert.</source>
            <translation>이 전문가를 선택한 토큰이 없습니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::TokenDetail</name>
        <message>
            <source>Route of the token</source>
            <translation>토큰의 경로</translation>
        </message>
        <message>
            <source>Route</source>
            <translation>경로</translation>
        </message>
        <message>
            <source>What the router weighed</source>
            <translation>라우터가 저울질한 것</translation>
        </message>
        <message>
            <source>Click a token in the text, or walk with the arrow keys, to see its route.</source>
            <translation>본문에서 토큰을 클릭하거나 화살표 키로 이동하면 경로가 보입니다.</translation>
        </message>
        <message>
            <source>No token is selected.</source>
            <translation>선택된 토큰이 없습니다.</translation>
        </message>
        <message>
            <source>Token %1 · id %2 · %3, position %4</source>
            <translation>토큰 %1 · 번호 %2 · %3, 위치 %4</translation>
        </message>
        <message>
            <source> · nll %1 nats (p = %2)</source>
            <translation> · nll %1 nat (확률 %2)</translation>
        </message>
        <message>
            <source> · generated</source>
            <translation> · 생성됨</translation>
        </message>
        <message>
            <source>What the router of layer %1 weighed</source>
            <translation>%1층 라우터가 저울질한 것</translation>
        </message>
        <message>
            <source>This run was recorded without router logits (--logits none), so only the chosen experts are known.</source>
            <translation>이 실행은 라우터 로짓 없이 기록되어(--logits none) 선택된 전문가만 알 수 있습니다.</translation>
        </message>
    </context>
    <context>
        <name>moescope::TokenTextView</name>
        <message>
            <source>Text of the run, coloured token by token</source>
            <translation>토큰마다 색을 입힌 실행의 본문</translation>
        </message>
        <message>
            <source>%1 tokens</source>
            <translation>토큰 %1개</translation>
        </message>
        <message>
            <source>%1 · %2 tokens</source>
            <translation>%1 · 토큰 %2개</translation>
        </message>
    </context>
    <context>
        <name>moescope::TokensPage</name>
        <message>
            <source>Text</source>
            <translation>본문</translation>
        </message>
        <message>
            <source>Neighbours through all layers</source>
            <translation>모든 층에서 본 이웃 토큰</translation>
        </message>
        <message>
            <source>Colour by expert</source>
            <translation>전문가로 색칠</translation>
        </message>
        <message>
            <source>Colour by weight</source>
            <translation>가중치로 색칠</translation>
        </message>
        <message>
            <source>Colour by margin</source>
            <translation>마진으로 색칠</translation>
        </message>
        <message>
            <source>Colour by nll</source>
            <translation>nll로 색칠</translation>
        </message>
        <message>
            <source>Colour by overflow</source>
            <translation>용량 초과로 색칠</translation>
        </message>
        <message>
            <source>What the colours show</source>
            <translation>색이 보여 주는 값</translation>
        </message>
        <message>
            <source>Find text, #token id or E7</source>
            <translation>글자, #토큰 번호 또는 E7 찾기</translation>
        </message>
        <message>
            <source>Find in the text</source>
            <translation>본문에서 찾기</translation>
        </message>
        <message>
            <source>This run holds counts only: which tokens it saw is not known.</source>
            <translation>이 실행에는 개수만 있어 어떤 토큰을 보았는지 알 수 없습니다.</translation>
        </message>
        <message>
            <source>Reading the text…</source>
            <translation>본문을 읽는 중…</translation>
        </message>
        <message>
            <source>Tokens of L%1/E%2</source>
            <translation>L%1/E%2의 토큰</translation>
        </message>
        <message>
            <source>Layer %1</source>
            <translation>%1층</translation>
        </message>
        <message>
            <source>Expert %1 of layer %2 is chosen by %3 of %4 tokens (%5).</source>
            <translation>%2층 전문가 %1은 토큰 %4개 중 %3개(%5)가 선택합니다.</translation>
        </message>
        <message>
            <source>Its tokens are coloured, paler where it is not their strongest expert. N and Shift+N step through them; click its chip to see all experts.</source>
            <translation>그 토큰에 색이 있으며, 가장 강한 전문가가 아니면 옅습니다. N과 Shift+N으로 차례로 이동하고, 전문가 표시를 다시 클릭하면 모두 보입니다.</translation>
        </message>
        <message>
            <source>What layer %1 does with each of %2 tokens: equal colours went to the same expert.</source>
            <translation>%1층이 토큰 %2개를 각각 어디로 보냈는지: 같은 색은 같은 전문가로 갔습니다.</translation>
        </message>
        <message>
            <source>Click a token, or walk with the arrow keys, to see its route through all layers; click an expert to see its tokens only.</source>
            <translation>토큰을 클릭하거나 화살표 키로 이동하면 모든 층의 경로가 보입니다. 전문가를 클릭하면 그 토큰만 보입니다.</translation>
        </message>
        <message>
            <source>“%1” does not occur in this run.</source>
            <translation>“%1”은 이 실행에 나오지 않습니다.</translation>
        </message>
        <message>
            <source>token %1, id %2</source>
            <translation>토큰 %1, 번호 %2</translation>
        </message>
        <message>
            <source>&lt;br&gt;expert %1, weight %2</source>
            <translation>&lt;br&gt;전문가 %1, 가중치 %2</translation>
        </message>
        <message>
            <source>&lt;br&gt;margin %1</source>
            <translation>&lt;br&gt;마진 %1</translation>
        </message>
        <message>
            <source>&lt;br&gt;nll %1 nats</source>
            <translation>&lt;br&gt;nll %1 nat 단위</translation>
        </message>
    </context>
    <context>
        <name>moescope::WelcomePage</name>
        <message>
            <source>Recent recordings</source>
            <translation>최근 기록</translation>
        </message>
        <message>
            <source>See what the routers of a mixture-of-experts model do</source>
            <translation>전문가 혼합 모델의 라우터가 하는 일을 보십시오</translation>
        </message>
        <message>
            <source>Open a recording, drop one here, or record a model over texts. Without the window, `moescope record` does the same.</source>
            <translation>기록을 열거나 여기에 끌어다 놓거나, 글에 모델을 돌려 기록하십시오. 창 없이는 `moescope record`가 같은 일을 합니다.</translation>
        </message>
        <message>
            <source>Open recording…</source>
            <translation>기록 열기…</translation>
        </message>
        <message>
            <source>Record a model…</source>
            <translation>모델 기록…</translation>
        </message>
    </context>
</TS>
